"""The project: settings, addresses, jobs, start-up checks."""
