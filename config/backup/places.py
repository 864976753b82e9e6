"""Where the database is, for the programs of PostgreSQL, and where these programs are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connections
from psycopg2 import sql

from config.backup.failures import BackupError
from config.embedded import DATA_DIR, EmbeddedDatabaseError
from config.embedded.places import Places
from config.embedded.programs import find_program


@dataclass(frozen=True)
class Place:
    """A database as libpq finds it. The password goes into the environment, never onto a command line."""

    host: str
    port: str
    user: str
    name: str
    password: str = ""

    @classmethod
    def of_owner(cls) -> Place:
        """The portal's database, as the owner of its tables."""
        params: dict[str, Any] = connections["default"].get_connection_params()
        given = {name: str(params.get(name) or "") for name in ("host", "port", "user", "password")}
        return cls(**given, name=str(params.get("dbname") or params.get("database")))

    def called(self, name: str) -> Place:
        """Another database of the same server."""
        return replace(self, name=name)

    @property
    def options(self) -> list[str]:
        given = {"host": self.host, "port": self.port, "username": self.user}
        return [f"--{name}={value}" for name, value in given.items() if value]

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **({"PGPASSWORD": self.password} if self.password else {})}

    @contextmanager
    def connected(self, *, is_autocommit: bool = False) -> Iterator[Any]:
        """A cursor, in a transaction that reads one moment unless ``is_autocommit``."""
        given = {"host": self.host, "port": self.port, "user": self.user, "password": self.password}
        connection = psycopg2.connect(
            **{name: value for name, value in given.items() if value}, dbname=self.name, connect_timeout=10
        )
        try:
            if is_autocommit:
                connection.autocommit = True
            else:
                connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def create(self) -> None:
        """Make the database. Raises psycopg2.Error where the role may not, or it exists."""
        with self.called("postgres").connected(is_autocommit=True) as cursor:
            cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(self.name)))

    def drop(self) -> None:
        with self.called("postgres").connected(is_autocommit=True) as cursor:
            cursor.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name))
            )


def program(name: str) -> str:
    """The path of `pg_dump` or `pg_restore`: that of the machine, or of the package of the embedded server.

    Raises BackupError where there is neither.
    """
    data_dir = settings.OWNER_DATABASE.get("EMBEDDED_DATA_DIR")
    found = None if data_dir else shutil.which(name)
    if found:
        return found
    try:
        return str(find_program(name, Places(Path(data_dir or DATA_DIR)), None))
    except EmbeddedDatabaseError as error:
        raise BackupError(
            f"The program {name} is not on this machine. On Debian: apt-get install postgresql-client of the version of"
            " the database server, or newer."
        ) from error
