"""The metrics of the real applications, and which rules and panels use each."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from stickprov_findings import app as findings
from stickprov_findings.settings import FindingsSettings
from stickprov_reporting import app as reporting
from stickprov_reporting.settings import ReportingSettings
from stickprov_sampler import app as sampler
from stickprov_sampler.settings import SamplerSettings
from support import dashboards
from support.authorisation import web_client
from support.logs import logging_to_memory
from support.master_keys import master_keys_file
from support.postgres import Database, running_postgres
from support.rules import rules
from support.tokens import AUDIENCE, STAFF_KEY, issuer

SERVICES: Final = ("sampler", "findings", "reporting", "web")
NAME: Final = re.compile(r"\b(stickprov[_:][a-z0-9_:]+)(?:\{([^}]*)\})?")
_NOBODY: Final = "http://127.0.0.1:9"
_SUFFIXES: Final = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}


@dataclass(frozen=True)
class KnownMetric:
    """A metric that a service has.

    Attributes:
        series: names under which Prometheus stores it.
    """

    service: str
    name: str
    kind: str
    labels: Sequence[str]
    help: str

    @property
    def series(self) -> Sequence[str]:
        return [self.name + suffix for suffix in _SUFFIXES[self.kind]]


def registered() -> list[KnownMetric]:
    """Open every service on a database of its own, with a sign-in provider that is away, and return their metrics."""
    with logging_to_memory():
        return asyncio.run(_registered())


async def _registered() -> list[KnownMetric]:
    found: list[KnownMetric] = []
    with tempfile.TemporaryDirectory(prefix="stickprov-") as name:
        folder = Path(name)
        with running_postgres(folder / "p") as server:
            async with AsyncExitStack() as stack:
                for service, app in (await _apps(server, folder, stack)).items():
                    found += _metrics_in(service, app.state.registry)
    return found


async def _apps(server: Any, folder: Path, stack: AsyncExitStack) -> dict[str, FastAPI]:
    given: dict[str, dict[str, object]] = {
        "sampler": {
            "frame_folder": folder / "frames",
            "vault_folder": folder / "vault",
            "master_keys": master_keys_file(folder),
        },
        "findings": {"sampler_url": _NOBODY, "master_keys": master_keys_file(folder)},
        "reporting": {"sampler_url": _NOBODY, "findings_url": _NOBODY},
    }
    made: dict[str, FastAPI] = {}
    for module, settings_type in (
        (sampler, SamplerSettings),
        (findings, FindingsSettings),
        (reporting, ReportingSettings),
    ):
        service = settings_type.service()
        database = await server.create_database()
        settings = settings_type(**_common(database, folder), **given[service])
        await module.migrate_database(settings)  # type: ignore[arg-type]  # each has its own settings
        made[service] = await stack.enter_async_context(_open(module.create(settings)))  # type: ignore[arg-type]
    pages = web_client(folder)
    # Its middleware, which counts, is made when the first request comes.
    pages.middleware_stack = pages.build_middleware_stack()
    return made | {"web": pages}


@asynccontextmanager
async def _open(app: FastAPI) -> AsyncIterator[FastAPI]:
    async with app.router.lifespan_context(app):
        yield app


def _common(database: Database, folder: Path) -> dict[str, Any]:
    token = folder / "service.jwt"
    token.write_text(issuer().token("service", "service"), encoding="utf-8")
    return {
        "mode": "local",
        "database_url": database.service_url,
        "migration_database_url": database.owner_url,
        "service_role": database.service_role,
        "kafka_bootstrap": "127.0.0.1:9",
        "token_issuer": _NOBODY,
        "token_audience": AUDIENCE,
        "staff_key": STAFF_KEY.hex(),
        "service_token": token,
    }


def _metrics_in(service: str, registry: CollectorRegistry) -> list[KnownMetric]:
    return [
        KnownMetric(service, metric._name, metric._type, tuple(metric._labelnames), metric._documentation)
        for metric in registry._collector_to_names
        if getattr(metric, "_name", "").startswith("stickprov_")
    ]


@dataclass(frozen=True)
class Users:
    """Who uses a series: titles of panels, and names of alerts."""

    panels: Sequence[str]
    alerts: Sequence[str]


@cache
def recorded() -> Mapping[str, str]:
    """Return the expression of each recording rule by its name; those of one name together."""
    found: dict[str, str] = {}
    for rule in rules("record"):
        found[rule.name] = f"{found.get(rule.name, '')} {rule.expression}"
    return found


def names_in(expression: str) -> set[str]:
    """Return the series of ours behind an expression, through recording rules."""
    behind, waiting, known = set(), [expression], recorded()
    while waiting:
        for name, _ in NAME.findall(waiting.pop()):
            if name not in behind:
                behind.add(name)
                waiting.append(known.get(name, ""))
    return behind


@cache
def users() -> Mapping[str, Users]:
    """Return who uses each series of ours."""
    panels: dict[str, list[str]] = {}
    for title, expression in dashboards.expressions():
        for name in names_in(expression):
            panels.setdefault(name, []).append(title)
    alerts: dict[str, list[str]] = {}
    for rule in rules("alert"):
        for name in names_in(rule.expression):
            alerts.setdefault(name, []).append(rule.name)
    return {name: Users(panels.get(name, ()), alerts.get(name, ())) for name in {*panels, *alerts}}
