"""People and their roles: invited, given a role and relieved of it, closed and opened again, by administrators.

A role that reaches names of people in cases, or hands out roles, takes two administrators: one asks, another agrees.
Nobody gives a role to themself.
"""
