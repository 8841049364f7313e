"""Who may call which route and see which page: read off the applications themselves, never off a list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from stickprov_client.web import app as web
from stickprov_client.web.access import Only
from stickprov_client.web.settings import WebSettings
from stickprov_findings import app as findings
from stickprov_findings.settings import FindingsSettings
from stickprov_kernel.http.identity import Role
from stickprov_kernel.http.roles import guarded_routes
from stickprov_kernel.settings import ServiceSettings, placeholder
from stickprov_reporting import app as reporting
from stickprov_reporting.settings import ReportingSettings
from stickprov_sampler import app as sampler
from stickprov_sampler.settings import SamplerSettings

ROLES: tuple[str, ...] = get_args(Role)
_AWAY = "http://127.0.0.1:9"

_HEAD = """# Who may do what

Every route of the services with the roles that may call it (any one of them suffices), and every page of the web client
with whom it is shown to. This page is generated from the routes themselves; `make reference` makes it again, and tests
call every route and open every page as nobody and as each role. Without a valid token no route below answers anything
but 401; a role that is not marked gets 403, before anything is looked up.

A mark says that a role may ask, not that it gets everything: a reviewer sees their own unit's cases, and protected
identities are for `protected-reviewer` alone ([identities](../architecture/identities.md)). Open to everybody are
`/health/live`, `/health/ready`, `/metrics` and `/openapi.json` of each service, which tell of no person and no case.
"""


@dataclass(frozen=True, order=True)
class Guarded:
    """A route or page, and who may ask for it; ``roles`` is None for anybody."""

    path: str
    method: str
    roles: frozenset[str] | None


def services(**changed: object) -> Mapping[str, FastAPI]:
    """Return the applications of the services; nothing is opened, so an allowed call fails inside."""
    made: list[tuple[str, type[ServiceSettings], object]] = [
        ("sampler", SamplerSettings, sampler.create),
        ("findings", FindingsSettings, findings.create),
        ("reporting", ReportingSettings, reporting.create),
    ]
    return {
        name: create(placeholder(kind).model_copy(update=changed))  # type: ignore[operator]
        for name, kind, create in made
    }


def routes_of(app: FastAPI) -> list[Guarded]:
    """Return the routes of a service under ``/v1``."""
    return sorted(Guarded(route.path, route.method, route.roles) for route in guarded_routes(app.routes))


def web_client(local_tokens: Path | None = None, **changed: object) -> FastAPI:
    """Return the web application with a sign-in, and services that are away."""
    tokens = local_tokens or Path("nowhere")
    asked = {"sampler_url": _AWAY, "findings_url": _AWAY, "reporting_url": _AWAY, "token": tokens / "board.jwt"}
    asked |= {"local_tokens": tokens} | ({"mode": "local"} if "mode" in WebSettings.model_fields else {})
    return web.create(WebSettings(**(asked | changed)))


def pages_of(app: FastAPI) -> list[Guarded]:
    """Return the pages and forms of the web application."""
    found = []
    for route in iter_route_contexts(app.routes):
        if not isinstance(route.original_route, APIRoute):
            continue
        asks = [dependant.call.roles for dependant in _walk(route.dependant) if isinstance(dependant.call, Only)]
        roles = frozenset.intersection(*map(frozenset, asks)) if asks else None
        found += [Guarded(route.path or "", method, roles) for method in sorted(route.methods or ())]
    return sorted(found, key=lambda page: (page.path, page.method))


def document() -> str:
    """Return the page with the tables."""
    parts = [_HEAD]
    for name, app in services().items():
        parts.append(f"\n## The {name}\n\n" + _table("Route", routes_of(app), ROLES))
    parts.append(
        "\n## Pages\n\nA page asks first, so that nobody types into a form they may not send; the services decide all "
        "the same. A page for anybody shows what the board may see, or asks who is there by itself.\n\n"
        + _table("Page", pages_of(web_client()), ("anybody", *ROLES))
    )
    return "".join(parts)


def _table(kind: str, routes: list[Guarded], columns: tuple[str, ...]) -> str:
    head = f"| {kind} | | {' | '.join(columns)} |\n|---|---|{':-:|' * len(columns)}\n"
    return head + "".join(
        f"| `{route.path}` | {route.method} | {' | '.join(_mark(route, column) for column in columns)} |\n"
        for route in routes
    )


def _mark(route: Guarded, column: str) -> str:
    if route.roles is None:
        return "x" if column == "anybody" else ""
    return "x" if column in route.roles else ""


def _walk(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for needed in dependant.dependencies:
        yield from _walk(needed)
