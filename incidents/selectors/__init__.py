"""Reads: guards, lists, and what is counted out of tips and cases."""
