"""The proxy of a deployment, from its own configuration, in front of a portal under test."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from tests.faults.portal import PROJECT
from tests.faults.sockets import free_port

TEMPLATE = PROJECT / "deploy" / "nginx" / "portal.conf.template"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")


class Proxy:
    """nginx as `deploy/nginx` has it, without TLS: limits and buffers are the same."""

    def __init__(self, place: Path, upstream: str) -> None:
        self.place = place
        self.port = free_port()
        place.mkdir()
        site = TEMPLATE.read_text(encoding="utf-8")
        _to_https, _server, site = site.rpartition("\nserver {")
        shared, _server, _redirect = _to_https.partition("\nserver {")
        site = re.sub(r"^ *(?:listen \[|ssl_).*\n", "", site, flags=re.MULTILINE)
        site = site.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{self.port};")
        site = re.sub(r"access_log .*;", f"access_log {place}/access.log portal;", site)
        served = f"{shared}\nserver {{{site}".replace("${PORTAL_UPSTREAM}", upstream)
        served = served.replace("${PORTAL_HOST}", "127.0.0.1")
        scratch = "".join(
            f"{name}_temp_path {place}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (place / "nginx.conf").write_text(
            f"daemon off;\npid {place}/pid;\nerror_log {place}/error.log;\nevents {{}}\n"
            f"http {{\n{scratch}{served}\n}}\n",
            encoding="utf-8",
        )

    def start(self) -> None:
        assert NGINX is not None
        command = [NGINX, "-p", str(self.place), "-c", str(self.place / "nginx.conf")]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)
