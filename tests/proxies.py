"""Real proxies with TLS in front of the service, set up as docs/operating.md says."""

import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

from app.settings import ROOT
from tests.following import Found
from tests.limits import SECONDS
from tests.programs import free_port

NGINX, CADDY, OPENSSL = map(shutil.which, ("nginx", "caddy", "openssl"))
NAME = "localhost"
BLOCK = re.compile(r"^```(nginx|caddyfile)\n(.+?)^```$", re.DOTALL | re.MULTILINE)
WAYS = ("kept", "taken off")


class Proxy:
    """A proxy that serves the service under a path, and how to send requests to it."""

    def __init__(self, port: int, certificate: Path) -> None:
        self.port = port
        self.origin = f"https://{NAME}:{port}"
        self._trust = ssl.create_default_context(cafile=str(certificate))

    def ask(self, target: str, **headers: str) -> Found:
        """Ask once."""
        connection = HTTPSConnection(NAME, self.port, timeout=SECONDS, context=self._trust)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", target, headers=given)
        answer = connection.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        found = Found(answer.status, names, answer.read())
        connection.close()
        return found


def documented(program: str) -> str:
    """The configuration given in the document."""
    found: dict[str, str] = dict(BLOCK.findall((ROOT / "docs" / "operating.md").read_text("utf-8")))
    return found["nginx" if program == "nginx" else "caddyfile"]


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine, and its key."""
    paths = folder / "proxy.pem", folder / "proxy.key"
    command = [
        *(str(OPENSSL), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
        *("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"),
        *("-out", str(paths[0]), "-keyout", str(paths[1])),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return paths


@contextmanager
def proxy(program: str, way: str, folder: Path, to: int) -> Iterator[Proxy]:
    """A running proxy in front of the service at this port."""
    port, (pem, key) = free_port(), certificate(folder)
    make = _nginx if program == "nginx" else _caddy
    command, environment = make(way, folder, port, to)
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder) as process,
    ):
        try:
            found = Proxy(port, pem)
            _await(found, process, folder / "log")
            yield found
        finally:
            process.terminate()
    assert key.exists()


def _replaced(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def _nginx(way: str, folder: Path, port: int, to: int) -> tuple[list[str], dict[str, str]]:
    here = f"http://127.0.0.1:{to}"
    server = _replaced(
        documented("nginx"),
        {
            "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
            "server_name example.org": f"server_name {NAME}",
            "/etc/ssl/example.org.pem": str(folder / "proxy.pem"),
            "/etc/ssl/example.org.key": str(folder / "proxy.key"),
            "http://127.0.0.1:8000": here if way == "kept" else f"{here}/",
        },
    )
    temporary = "".join(
        f"{kind}_temp_path {folder / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    path = folder / "nginx.conf"
    path.write_text(
        f"daemon off;\nworker_processes 1;\npid {folder / 'pid'};\nerror_log stderr;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{server}}}\n"
    )
    # Its workers run as nobody where it is started by root.
    folder.chmod(0o755)
    return [str(NGINX), "-c", str(path), "-p", str(folder)], {}


def _caddy(way: str, folder: Path, port: int, to: int) -> tuple[list[str], dict[str, str]]:
    files = f"tls {folder / 'proxy.pem'} {folder / 'proxy.key'}"
    text = _replaced(
        documented("caddy"),
        {
            "{\n    servers {": "{\n    admin off\n    auto_https off\n    servers {",
            "example.org {": f"https://{NAME}:{port} {{\n    {files}",
            "handle /moa": "handle /moa" if way == "kept" else "handle_path /moa",
            "127.0.0.1:8000": f"127.0.0.1:{to}",
        },
    )
    path = folder / "Caddyfile"
    path.write_text(text)
    command = [str(CADDY), "run", "--config", str(path), "--adapter", "caddyfile"]
    own = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    return command, own


def _await(found: Proxy, process: subprocess.Popen[Any], log: Path) -> None:
    """Wait until it passes requests on."""
    until = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            if found.ask("/moa/livez").status == 200:
                return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"the proxy does not answer:\n{log.read_text()[-2000:]}")
