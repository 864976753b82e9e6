"""One service of ours by the lines of its unit: what it may see, write, call and gain is cut as systemd cuts it.

Run in a mount namespace of its own: `unshare --mount python3 -m scripts.debian_guide.services NAME`. A setting it does
not know ends it, so that none is passed over in silence. `MemoryMax` and the priority of input and output are not kept.
"""

from __future__ import annotations

import ctypes
import grp
import os
import pwd
import subprocess
import sys
from pathlib import Path

from scripts.debian_guide.units import Unit, read_unit

KNOWN = frozenset(
    {
        *("Description", "After", "PartOf", "Type", "User", "Group", "WorkingDirectory", "EnvironmentFile"),
        *(
            "Environment",
            "RuntimeDirectory",
            "RuntimeDirectoryMode",
            "StateDirectory",
            "ExecStart",
            "ExecReload",
        ),
        *("Restart", "RestartSec", "TimeoutStopSec", "UMask", "MemoryMax", "Nice", "IOSchedulingClass"),
        *(
            "ProtectSystem",
            "ReadWritePaths",
            "ProtectHome",
            "PrivateTmp",
            "PrivateDevices",
            "NoNewPrivileges",
        ),
        *("ProtectKernelTunables", "ProtectKernelModules", "ProtectControlGroups", "RestrictAddressFamilies"),
        *("RestrictSUIDSGID", "LockPersonality", "CapabilityBoundingSet", "SystemCallFilter", "WantedBy"),
    }
)
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
API_FILE_SYSTEMS = ("/proc", "/sys", "/dev")


def main(name: str) -> None:
    unit = read_unit(name)
    unknown = set(unit.settings) - KNOWN
    if unknown:
        sys.exit(f"{unit.name}: this stand-in does not know {', '.join(sorted(unknown))}")
    environment = unit.environment()
    person = pwd.getpwnam(unit.one("User"))
    group = grp.getgrnam(unit.one("Group")).gr_gid
    for made in unit.words("RuntimeDirectory"):
        place = Path("/run") / made
        place.mkdir(mode=0o755, exist_ok=True)
        os.chown(place, person.pw_uid, group)
    allowed = _allowed_calls(unit)
    _hide(unit)
    os.chdir(unit.one("WorkingDirectory", "/"))
    os.umask(int(unit.one("UMask", "0022"), 8))
    if unit.one("Nice"):
        os.nice(int(unit.one("Nice")))
    _drop_capabilities(unit)
    os.setgroups([])
    os.setresgid(group, group, group)
    os.setresuid(person.pw_uid, person.pw_uid, person.pw_uid)
    if unit.says_yes("NoNewPrivileges"):
        _call("prctl", 38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    if allowed:
        _filter_calls(allowed, [_FAMILIES[word] for word in unit.words("RestrictAddressFamilies")])
    command = unit.command()
    os.execve(command[0], command, environment | {"HOME": person.pw_dir, "USER": person.pw_name})


def _hide(unit: Unit) -> None:
    """The file system as the service sees it. Where a path to write is missing, systemd starts nothing, nor do we."""
    _mount("--make-rprivate", "/")
    if unit.one("ProtectSystem") == "strict":
        _make_read_only(unit)
    if unit.says_yes("ProtectHome"):
        for home in ("/home", "/root", "/run/user"):
            if Path(home).exists():
                _mount("-t", "tmpfs", "-o", "ro,mode=0000", "tmpfs", home)
    if unit.says_yes("PrivateTmp"):
        for temporary in ("/tmp", "/var/tmp"):  # noqa: S108
            _mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", temporary)
    if unit.says_yes("ProtectKernelTunables"):
        _mount("--bind", "/proc/sys", "/proc/sys")
        _mount("-o", "remount,bind,ro", "/proc/sys")
    if unit.says_yes("PrivateDevices"):
        _private_devices()


def _make_read_only(unit: Unit) -> None:
    """Everything but what the unit names and what the kernel shows of itself."""
    kept = {f"/run/{made}" for made in unit.words("RuntimeDirectory")}
    for path in unit.words("ReadWritePaths"):
        place = path.removeprefix("-")
        if Path(place).exists():
            kept.add(place)
        elif not path.startswith("-"):
            sys.exit(f"{unit.name}: {place} does not exist (systemd ends with 226/NAMESPACE)")
    for place in kept:
        _mount("--bind", place, place)
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        place = line.split()[4]
        if place not in kept and not place.startswith(API_FILE_SYSTEMS):
            _mount("-o", "remount,bind,ro", place)


def _private_devices() -> None:
    """A /dev with nothing but what every program may have, and the shared memory."""
    fresh = Path("/tmp/dev")  # noqa: S108 - within the service's own, which nobody else sees
    fresh.mkdir()
    _mount("-t", "tmpfs", "-o", "mode=0755", "tmpfs", str(fresh))
    for name in (*DEVICES, "shm"):
        place = fresh / name
        if name == "shm":
            place.mkdir()
        else:
            place.touch()
        _mount("--bind", f"/dev/{name}", str(place))
    (fresh / "fd").symlink_to("/proc/self/fd")
    _mount("--rbind", str(fresh), "/dev")
    subprocess.run(["umount", "--recursive", "--lazy", str(fresh)], check=True)
    fresh.rmdir()


def _drop_capabilities(unit: Unit) -> None:
    """An empty bounding set: nothing that is run gains a capability, whatever its file says."""
    if "CapabilityBoundingSet" in unit.settings and not unit.words("CapabilityBoundingSet"):
        last = int(Path("/proc/sys/kernel/cap_last_cap").read_text(encoding="ascii"))
        for capability in range(last + 1):
            _call("prctl", 24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def _allowed_calls(unit: Unit) -> set[str]:
    """The system calls of the groups that a unit names, as this systemd knows them."""
    calls: set[str] = set()
    waiting = unit.words("SystemCallFilter")
    if waiting:
        waiting.append("@default")
    asked: set[str] = set()
    while waiting:
        group = waiting.pop()
        if group in asked:
            continue
        asked.add(group)
        told = subprocess.run(
            ["systemd-analyze", "syscall-filter", group], capture_output=True, text=True, check=True
        ).stdout
        for word in (line.strip() for line in told.splitlines()[1:]):
            if word.startswith("@"):
                waiting.append(word)
            elif word and not word.startswith("#"):
                calls.add(word)
    return calls


class _Argument(ctypes.Structure):
    """`struct scmp_arg_cmp`: which argument of a call is compared, how, and with what."""

    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


_FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}
_KILL, _ALLOW, _EQUAL = 0x80000000, 0x7FFF0000, 4


def _filter_calls(allowed: set[str], families: list[int]) -> None:
    """End the process at any system call that is not allowed, and refuse sockets of other families."""
    library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    library.seccomp_init.restype = ctypes.c_void_p
    rules = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(_KILL)))
    unfit = 0x00050000 | 97  # EAFNOSUPPORT, as systemd answers
    for name in sorted(allowed):
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number == -1:
            continue  # of another machine
        if name == "socket" and families:
            for family in range(46):
                action = _ALLOW if family in families else unfit
                compared = (_Argument * 1)(_Argument(0, _EQUAL, family, 0))
                library.seccomp_rule_add_array(rules, ctypes.c_uint32(action), number, 1, compared)
        else:
            library.seccomp_rule_add_array(rules, ctypes.c_uint32(_ALLOW), number, 0, None)
    if library.seccomp_load(rules) != 0:
        sys.exit("the filter of system calls could not be loaded")


def _call(name: str, *arguments: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*(ctypes.c_ulong(argument) for argument in arguments)) != 0:
        raise OSError(ctypes.get_errno(), f"{name}{arguments}")


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


if __name__ == "__main__":
    main(sys.argv[1])
