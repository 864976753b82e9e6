"""Victims and the services they were given, over the API, under their codes."""
