"""Victims' records in the shape of international standards, so that nobody in them can be told apart."""
