"""Loaded by pytest before the settings: the tests make and empty tables, so they connect as the owner.

What web and worker may do is tested as the portal's role, by the fixture ``as_portal`` and in the browser tests.
"""

import os

os.environ["PCMBN_DATABASE_ROLE"] = "owner"
