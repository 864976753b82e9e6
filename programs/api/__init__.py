"""Endpoints of what was asked and what was done: the same scope, filters, rules and services as the pages."""
