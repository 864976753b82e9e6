#!/usr/bin/env python
"""Run the portal's administrative commands."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.roles import OWNER_COMMANDS

    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ["PCMBN_DATABASE_ROLE"] = "owner"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
