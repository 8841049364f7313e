"""How a service reaches PostgreSQL: what its connection string must say before anything is sent over a network.

What must not break: outside this machine nothing goes in the clear, and to nobody whose certificate does not name the
host that was meant. Every connection of ours (pool, LISTEN, leadership, migrations) is made from the same string.
"""

import os
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from stickprov_contracts.openid.addresses import is_loopback

VERIFIED: Final = "verify-full"


def goes_unprotected(dsn: str) -> bool:
    """Tell whether a connection string leads to another machine without TLS that checks certificate and host name.

    Raises:
        ValueError: it is no connection string.
    """
    parts = urlsplit(dsn)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("This should be postgresql://user@host/database.")
    asked = parse_qs(parts.query)
    hosts = [_host(one) for one in parts.netloc.rpartition("@")[2].split(",")]
    hosts += [_host(one) for given in asked.get("host", []) for one in given.split(",")]
    named = [host for host in hosts if host] or os.environ.get("PGHOST", "").split(",")
    away = [host for host in named if host and not host.startswith("/") and not is_loopback(host)]
    mode = (asked.get("sslmode") or [os.environ.get("PGSSLMODE", "prefer")])[-1]
    return bool(away) and mode != VERIFIED


def root_certificate_of(dsn: str) -> Path | None:
    """Return the file that a connection string names with the certificates that vouch for the server, if it does."""
    named = parse_qs(urlsplit(dsn).query).get("sslrootcert", ["system"])[-1]
    return None if named == "system" else Path(named)


def _host(text: str) -> str:
    text = unquote(text.strip())
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text if text.startswith("/") else text.partition(":")[0]
