"""``docs/reference/api/``: the routes of each service with roles, parameters, bodies and refusals, from OpenAPI."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI

from support import authorisation
from support.reference_pages.markdown import anchor, prose, table
from support.reference_pages.schemas import Schema, fields_table, kind, meaning

_HEAD: Final = """# {title}

Every route under `/v1` with who may call it, what it takes and what it answers. This page is generated from the
service itself; `make reference` makes it again. The same for programs:
[OpenAPI](../../../contracts/schemas/openapi/{service}.json), and `GET /openapi.json` of a running service.

- `Authorization: Bearer TOKEN` goes with every request; [who may do what](../authorisation.md), and [where tokens
  come from](../../how-to/sign-in.md).
- A command (`POST`, `PUT`, `DELETE`) has an `Idempotency-Key`, a UUID of your making. Sent again with the same key
  it gets the first answer and does nothing twice.
- A refusal is a [problem](../problems.md) with a stable `code`. Codes that a route names are told beside it; any
  route can answer 400, 401, 403, 404, 413, 422, 429 and 503 besides.
- How the edge works: [architecture/http.md](../../architecture/http.md). By hand: [the command](../cli.md).

"""

_TITLES: Final = {
    "sampler": "The sampler's API",
    "findings": "Findings' API",
    "reporting": "Reporting's API",
}


def pages() -> dict[str, str]:
    """Return the page of each service by its path."""
    return {f"docs/reference/api/{name}.md": page(name, app) for name, app in authorisation.services().items()}


def page(service: str, app: FastAPI) -> str:
    """Return the page of one service."""
    document = app.openapi()
    roles = {(one.path, one.method.lower()): one.roles for one in authorisation.routes_of(app)}
    schemas = document["components"]["schemas"]
    groups = _by_tag(document)
    parts = [_HEAD.format(service=service, title=_TITLES[service])]
    for tag, routes in groups.items():
        rows = [(_route_link(path, method), route["summary"]) for path, method, route in routes]
        parts.append(f"**{_title(tag)}**\n\n{table(('Route', 'What it does'), rows)}\n")
    for tag, routes in groups.items():
        parts.append(f"## {_title(tag)}\n\n")
        parts += [_route(path, method, route, roles.get((path, method))) for path, method, route in routes]
    parts.append("## Bodies\n\nWhat is sent and answered, by name.\n\n")
    parts += [_body(name, schemas[name]) for name in sorted(_used(document, schemas))]
    return "".join(parts).rstrip("\n") + "\n"


def _by_tag(document: Schema) -> Mapping[str, list[tuple[str, str, Schema]]]:
    found = defaultdict(list)
    for path, operations in document["paths"].items():
        for method, route in operations.items():
            if path.startswith("/v1/"):
                found[(route.get("tags") or ["other"])[0]].append((path, method, route))
    return dict(sorted(found.items()))


def _title(tag: str) -> str:
    return tag[:1].upper() + tag[1:].replace("-", " ")


def _heading(path: str, method: str) -> str:
    return f"{method.upper()} {path}"


def _route_link(path: str, method: str) -> str:
    heading = _heading(path, method)
    return f"[`{heading}`](#{anchor(heading)})"


def _route(path: str, method: str, route: Schema, roles: frozenset[str] | None) -> str:
    parts = [f"### {_heading(path, method)}\n", prose(route.get("description")) or route["summary"] + "."]
    allowed = ", ".join(f"`{role}`" for role in authorisation.ROLES if role in (roles or ()))
    parts.append(f"\nRoles: {allowed or 'anybody'}.")
    parameters = [_parameter(one) for one in route.get("parameters", ())]
    if parameters:
        parts.append("\n" + table(("Parameter", "In", "Holds", "Default", "Meaning"), parameters).rstrip("\n"))
    parts += [f"\nBody: {told}." for told in _request(route)]
    answers, refusals = _answers(route)
    parts.append(f"\nAnswers: {'; '.join(answers)}.")
    if refusals:
        parts.append(f"\nRefuses with: {'; '.join(refusals)}.")
    return "\n".join(parts) + "\n\n"


def _parameter(one: Schema) -> tuple[str, str, str, str, str]:
    schema = one["schema"]
    default = schema.get("default")
    needed = "required" if one.get("required") else "" if default is None else f"`{default}`"
    holds = kind(schema, _schema_link).removesuffix("; or null")
    return f"`{one['name']}`", one["in"], holds, needed, one.get("description", "")


def _request(route: Schema) -> Iterator[str]:
    for media, content in route.get("requestBody", {}).get("content", {}).items():
        yield kind(content["schema"], _schema_link) + ("" if media == "application/json" else f", as `{media}`")


def _answers(route: Schema) -> tuple[list[str], list[str]]:
    answers, refusals = [], []
    for status, response in sorted(route["responses"].items()):
        if status.endswith("XX"):
            continue
        if status[0] in "45":
            refusals.append(f"{status} {response['description']}")
            continue
        content = [_content(media, one) for media, one in response.get("content", {}).items()]
        answers.append(f"{status}{' with ' if content else ''}{' or '.join(content)}")
    return answers, refusals


def _content(media: str, content: Schema) -> str:
    said = kind(content.get("schema", {}), _schema_link)
    if media == "application/json":
        return said
    return f"`{media}`"


def _schema_link(name: str) -> str:
    return f"[{name}](#{anchor(name)})"


def _body(name: str, schema: Schema) -> str:
    said = meaning(schema)
    said = f"{said}\n\n" if said else ""
    if "properties" in schema:
        return f"### {name}\n\n{said}{fields_table(schema, _schema_link)}\n"
    return f"### {name}\n\n{said}{kind(schema, _schema_link)}\n\n"


def _used(document: Schema, schemas: Schema) -> set[str]:
    """Return the schemas that some route under /v1 leads to."""
    seen: set[str] = set()
    waiting = _names({path: one for path, one in document["paths"].items() if path.startswith("/v1/")})
    while waiting:
        seen |= waiting
        waiting = set().union(*(_names(schemas[name]) for name in waiting)) - seen
    return seen


def _names(part: Any) -> set[str]:
    return set(re.findall(r"'\$ref': '#/components/schemas/([^']+)'", str(part)))
