"""Agencies over time, kept by administrators: founded, renamed, merged, ended from a day on, and never deleted; and the
map they stand on, which is loaded by `load_areas` and only looked at here.
"""
