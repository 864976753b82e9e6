"""The Debian guide of docs/operations.md, followed as it is written, in a root of its own.

`scripts/try-debian-guide` (as root, on Debian 12) lays an empty layer over this machine's file system, with its own
processes and its own network, and does there what the guide says: its indented lines are read from the page and run.
Nothing of it is left on the machine. What Debian has and a layer has not is systemd; `systemctl` there starts the units
of `deploy/systemd` by their own lines, with their hardening (`services.py`).

It takes the standard library alone, since it runs by Debian's Python before the portal's packages are there.
"""
