"""`python3 -m scripts.debian_guide`: lay the layer, go into it, follow the guide."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3"
#: The first arguments of the three stages: outside, within the layer, and within it without the machine's network.
LAYER, ALONE = "--in-layer", "--alone"
NEEDED = ("unshare", "nginx", "redis-server", "pg_createcluster", "openssl")


def main(arguments: list[str]) -> int:
    if arguments[:1] == [LAYER]:
        return _in_layer(Path(arguments[1]))
    if os.geteuid() != 0:
        print("this takes root: it mounts a layer over the file system", file=sys.stderr)
        return 2
    missing = [program for program in NEEDED if shutil.which(program) is None]
    if missing:
        print(f"install these first: {', '.join(missing)}", file=sys.stderr)
        return 2
    place = tempfile.mkdtemp(prefix="debian-guide-")
    try:
        # With the machine's network, since packages are fetched; `walk.py` takes it away afterwards.
        inside = ["unshare", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child"]
        return subprocess.run(
            [*inside, PYTHON, "-m", "scripts.debian_guide", LAYER, place], cwd=PROJECT, check=False
        ).returncode
    finally:
        Path(place).rmdir()  # its file system went with the namespace


def _in_layer(place: Path) -> int:
    """Mount an overlay over `/`, and follow the guide with it as the root."""
    root = place / "root"
    _mount("-t", "tmpfs", "-o", "size=4g,mode=0755", "tmpfs", str(place))
    for name in ("root", "upper", "work"):
        (place / name).mkdir()
    layers = f"lowerdir=/,upperdir={place}/upper,workdir={place}/work"
    _mount("-t", "overlay", "-o", layers, "overlay", str(root))
    for name in ("dev", "sys"):
        _mount("--rbind", f"/{name}", f"{root}/{name}")
    _mount("-t", "proc", "proc", f"{root}/proc")
    for name in ("run", "tmp"):
        _mount("-t", "tmpfs", "-o", "mode=1777" if name == "tmp" else "mode=0755", "tmpfs", f"{root}/{name}")
    seen = root / str(PROJECT).lstrip("/")
    seen.mkdir(parents=True, exist_ok=True)
    _mount("--bind", str(PROJECT), str(seen))
    _mount("-o", "remount,bind,ro", str(seen))
    os.chroot(root)
    os.chdir(PROJECT)
    from scripts.debian_guide.walk import follow

    return follow(PROJECT)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
