"""Backups, restoring, health and metrics: what those who run the portal rely on."""
