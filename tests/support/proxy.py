"""The proxy of ``docker-compose.yml``: Debian's nginx with the very same configuration, on ports of a test's own."""

import re
import signal
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from stickprov_local import processes
from stickprov_local.ports import LOOPBACK, free_port
from support.composed import DEPLOY, make_secrets
from support.operating import program
from support.waiting import wait_until

NAME: Final = "localhost"
_TEMPLATE: Final = DEPLOY / "proxy" / "stickprov.conf.template"


@dataclass(frozen=True)
class Proxy:
    """A running proxy.

    Attributes:
        authority: file with the certificate that vouches for it.
        log: file with a line for each request.
    """

    https_port: int
    http_port: int
    alive_port: int
    authority: Path
    log: Path

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.https_port}"

    @property
    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority))

    def browser(self) -> httpx.Client:
        """Return a client that believes the proxy's certificate, and no other."""
        return httpx.Client(base_url=self.url, verify=self.trusting, trust_env=False)


def variables() -> set[str]:
    """Return what the template wants to be told."""
    return set(re.findall(r"\$\{(PROXY_[A-Z_]+)\}", _TEMPLATE.read_text(encoding="utf-8")))


def https_port() -> int:
    """Choose the proxy's port before it runs, for those who must know its address beforehand."""
    return free_port()


@contextmanager
def running_proxy(folder: Path, behind: Mapping[str, str], port: int | None = None) -> Iterator[Proxy]:
    """Run the proxy for as long as the block lasts.

    Args:
        folder: for everything it writes.
        behind: ``host:port`` of web, sampler, findings and reporting.
        port: on which it speaks TLS.
    """
    secrets = folder / "secrets"
    secrets.mkdir()
    make_secrets(secrets, host=NAME)
    proxy = Proxy(port or free_port(), free_port(), free_port(), secrets / "inside-ca.crt", folder / "requests.log")
    told = {
        "PROXY_NAME": NAME,
        "PROXY_HOST": f"{NAME}:{proxy.https_port}",
        "PROXY_HTTP_PORT": f"{LOOPBACK}:{proxy.http_port}",
        "PROXY_HTTPS_PORT": f"{LOOPBACK}:{proxy.https_port}",
        "PROXY_ALIVE_PORT": str(proxy.alive_port),
        "PROXY_CERTIFICATE": str(secrets / "proxy.crt"),
        "PROXY_KEY": str(secrets / "proxy.key"),
        "PROXY_LOG": str(proxy.log),
        "PROXY_RESOLVER": LOOPBACK,
    } | {f"PROXY_{name.upper()}": address for name, address in behind.items()}
    text = _here(_TEMPLATE.read_text(encoding="utf-8"), folder)
    for name, value in told.items():
        text = text.replace(f"${{{name}}}", value)
    (folder / "stickprov.conf").write_text(text, encoding="utf-8")
    main = _here((DEPLOY / "proxy" / "nginx.conf").read_text(encoding="utf-8"), folder)
    main = main.replace("/etc/nginx/conf.d/*.conf", f"{folder}/stickprov.conf")
    (folder / "nginx.conf").write_text(main, encoding="utf-8")
    child = processes.spawn(
        processes.Program(
            name="nginx",
            arguments=[program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"],
            log=folder / "nginx.log",
            environment={},
        )
    )
    try:
        wait_until(lambda: child.poll() is not None or _is_alive(proxy), what="the proxy's start")
        if child.poll() is not None:
            raise RuntimeError(f"nginx ended at once:\n{processes.last_lines(folder / 'nginx.log')}")
        yield proxy
    finally:
        processes.stop(child, signal.SIGQUIT, patience=20)


def _here(text: str, folder: Path) -> str:
    """Return a configuration that writes to a folder of ours what it writes to the container's memory."""
    return text.replace("/tmp/", f"{folder}/")  # noqa: S108  # the container's


def _is_alive(proxy: Proxy) -> bool:
    try:
        return httpx.get(f"http://{LOOPBACK}:{proxy.alive_port}/alive", trust_env=False).text == "alive\n"
    except httpx.TransportError:
        return False
