"""Endpoints of what is reported: the same scope and the same findings as the pages."""
