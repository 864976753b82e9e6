"""Units of systemd as files: their settings, and which of them a target wants."""

from __future__ import annotations

import shlex
import socket
from dataclasses import dataclass, field
from pathlib import Path

UNITS = Path("/etc/systemd/system")


@dataclass(frozen=True)
class Unit:
    """Every setting of a unit in order; one that is given twice has two values."""

    name: str
    settings: dict[str, list[str]] = field(default_factory=dict)

    def one(self, setting: str, otherwise: str = "") -> str:
        """The last value of a setting."""
        return (self.settings.get(setting) or [otherwise])[-1]

    def says_yes(self, setting: str) -> bool:
        return self.one(setting) == "yes"

    def words(self, setting: str) -> list[str]:
        return [word for value in self.settings.get(setting, []) for word in value.split()]

    def command(self, setting: str = "ExecStart", **variables: str) -> list[str]:
        """The words of a command, with the specifiers and variables that our units use."""
        line = self.one(setting).replace("%%", "\0").replace("%h", "/root").replace("\0", "%")
        for name, value in variables.items():
            line = line.replace(f"${name}", value)
        return shlex.split(line)

    def environment(self) -> dict[str, str]:
        """What the service finds in its environment: its files, then its own lines."""
        found = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
        for path in self.settings.get("EnvironmentFile", []):
            found |= read_environment(Path(path))
        for line in self.settings.get("Environment", []):
            found |= dict(word.split("=", 1) for word in shlex.split(line))
        return found | {"HOSTNAME": socket.gethostname()}


def read_environment(path: Path) -> dict[str, str]:
    """A file of NAME=value lines, as `EnvironmentFile=` takes it."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith(("#", ";")))


def read_unit(name: str, place: Path = UNITS) -> Unit:
    """Read a unit by its name; a name without an end is a service's."""
    full = name if "." in name else f"{name}.service"
    settings: dict[str, list[str]] = {}
    for line in (place / full).read_text(encoding="utf-8").splitlines():
        setting, is_setting, value = line.partition("=")
        if is_setting and not line.startswith(("#", ";", "[")):
            settings.setdefault(setting, []).append(value)
    return Unit(full, settings)
