"""Making connection pools."""

import ssl
from functools import cache
from ipaddress import ip_address

import httpx


def new_connections(url: str, *, timeout: httpx.Timeout, most: int = 10) -> httpx.AsyncClient:
    """Return a pool of at most ``most`` connections to an address.

    The environment's proxy is used for addresses elsewhere, never for this machine's own.
    """
    limits = httpx.Limits(max_connections=most, max_keepalive_connections=most)
    return httpx.AsyncClient(
        base_url=url, timeout=timeout, limits=limits, verify=_certificates(), trust_env=not _is_here(url)
    )


@cache
def _certificates() -> ssl.SSLContext:
    # Reading the system's certificates takes longer than many a call: once.
    return httpx.create_ssl_context()


def _is_here(url: str) -> bool:
    host = httpx.URL(url).host
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
