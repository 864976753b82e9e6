"""The database backend of the portal.

A served deployment sets ``DATABASE_URL`` and gets Django's own backend. Otherwise the settings name a data
directory, and the embedded server is started on the first connection, not at import.
"""

from functools import cache
from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from config.embedded import ensure_running


@cache
def _ensure_database(data_dir: str, name: str) -> None:
    ensure_running(Path(data_dir)).ensure_database(name)


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        data_dir = self.settings_dict.get("EMBEDDED_DATA_DIR")
        if data_dir:
            server = ensure_running(Path(data_dir))
            params["host"] = str(server.socket_dir)
            params["port"] = server.port
            name = params.get("dbname") or params.get("database") or ""
            if name and name != "postgres" and not name.startswith("test_"):
                _ensure_database(data_dir, name)
        return params
