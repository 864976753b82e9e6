"""Demonstration data: facts published by provinces, in our own sentences, and people who are plainly invented.

Every row carries ``is_demo``; pages and files made of it say so. Loading again changes nothing and doubles nothing.
"""
