"""Backups of the portal: made, checked, restored into an empty place, and compared with what was there.

A backup is a directory named after the moment it tells of:

| file | holds |
|---|---|
| `database.age` | the database, as `pg_dump --format=custom` writes it |
| `files.age` | everything under `FILES_DIR`, as a tar |
| `contents.age` | rows and a checksum of every table, the sequences, name and SHA-256 of every file |
| `backup.json` | when, of which version and size; SHA-256 of the other three; a seal over all this |

All but `backup.json`, which tells nothing of anybody, are encrypted for the holders of the restore key (age, X25519),
so a machine that makes backups cannot read them. The keys of the portal itself (`FIELD_KEYS`, `SECRET_KEY`) are in none
of them: `backup --keys-to` writes these to a place of their own. Who has one of the two reads no sealed name.
"""
