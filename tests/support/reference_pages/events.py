"""``docs/reference/events.md``: every event with its stream, fields, meaning, first release and a stored example."""

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from stickprov_contracts import published, streams
from stickprov_contracts.events import EVENT_TYPES, Event
from stickprov_contracts.topics import SOURCES, TOPIC_OF, Source
from stickprov_kernel.log.envelope import decode
from support.reference_pages.markdown import anchor, prose, table
from support.reference_pages.schemas import Schema, fields_table, meaning

PAGE: Final = "docs/reference/events.md"
_CONTRACTS: Final = Path(__file__).parents[3] / "contracts"
_HEARS: Final[Mapping[Source, str]] = {"sampler": "findings and reporting hear it", "findings": "reporting hears it"}
_HEAD: Final = """# Events

Every fact that a log can hold: what it means, the stream it stands in, its fields, the release it came with, and
one that was stored. This page is generated from the contracts; `make reference` makes it again. The same for
programs: [JSON Schemas](../../contracts/schemas/events), [AsyncAPI](../../contracts/schemas/asyncapi.json).

- An event never changes and is never taken out. A type that was released only gets optional fields; anything else
  is a new version of it, and both are read for ever ([how](../architecture/event-log.md#evolution)).
- Around each stand the CloudEvents attributes `id`, `source`, `type`, `subject` (the stream), `streamversion`,
  `time`, `actor` (a pseudonym), `correlationid` and `causationid`; beside them `position`, its place in the log,
  and `chainhash`.
- People and cases appear as pseudonyms, free text as the key and the salted hash of a note kept elsewhere, so that
  [erasure](../explanation/privacy.md) changes no event.
- Why there is a log at all: [explanation/the-log.md](../explanation/the-log.md).
"""


def page() -> str:
    """Return the page."""
    parts = [_HEAD]
    for source in SOURCES:
        rows = [
            (f"[`{model.name}`](#{anchor(type_)})", _first(model), f"`{stream_of(type_)}`")
            for type_, model in _events(source)
        ]
        head = f"\n## The log of {source}\n\nTopic `{TOPIC_OF[source]}`; {_HEARS[source]}.\n\n"
        parts.append(head + table(("Event", "Says", "Stream"), rows))
    for source in SOURCES:
        parts += [_section(type_) for type_, _ in _events(source)]
    shared = _parts()
    parts.append("\n## Parts of events\n\nWhat several events hold, or what stands within one.\n")
    parts += [_part(name, shared[name]) for name in sorted(shared)]
    return "".join(parts)


def _events(source: Source) -> Iterator[tuple[str, type[Event]]]:
    yield from ((type_, model) for type_, model in EVENT_TYPES.items() if model.source == source)


def _first(model: type[Event]) -> str:
    return prose(model.__doc__).split("\n\n")[0]


def _section(type_: str) -> str:
    schema = published.event_schema(type_, EVENT_TYPES[type_])
    since = _since()
    told = fields_table(_dated(type_, schema, since), _part_link)
    example = json.dumps(json.loads(_stored(type_)["data"]), indent=2, ensure_ascii=False)
    return (
        f"\n### {type_}\n\n{meaning(schema)}\n\nStream `{stream_of(type_)}`. Since {since[type_]}.\n\n{told}\n"
        f"<details><summary>One that was stored</summary>\n\n```json\n{example}\n```\n\n</details>\n"
    )


def _dated(type_: str, schema: Schema, since: Mapping[str, str]) -> Schema:
    """Return the schema with the release of each field that came later than its event."""
    later = {
        name: field | {"description": f"Since {since[f'{type_}.{name}']}."}
        for name, field in schema["properties"].items()
        if since[f"{type_}.{name}"] != since[type_]
    }
    return {**schema, "properties": {**schema["properties"], **later}}


def _since() -> dict[str, str]:
    remembered = json.loads((_CONTRACTS / "schemas" / "since.json").read_text(encoding="utf-8"))
    return published.first_releases(remembered, "the next release")


def _stored(type_: str) -> dict[str, str]:
    stored: dict[str, str] = json.loads((_CONTRACTS / "corpus" / f"{type_}.json").read_text(encoding="utf-8"))
    return stored


def stream_of(type_: str) -> str:
    """Return the stream of a type with its parts by name, as its stored event has it."""
    subject = decode(bytes.fromhex(_stored(type_)["envelope"])).subject
    for name, made in inspect.getmembers(streams, inspect.isfunction):
        if name.endswith("_stream"):
            pattern = str(made(*(f"<{one}>" for one in inspect.signature(made).parameters)))
            if re.fullmatch(re.sub(r"<\w+>", "[^/]+", pattern), subject):
                return re.sub(r"<(\w+)>", lambda part: part[1].upper(), pattern)
    return subject


def _part_link(name: str) -> str:
    return f"[{name}](#{anchor(name)})"


def _parts() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for type_, model in EVENT_TYPES.items():
        found |= published.event_schema(type_, model).get("$defs", {})
    return found


def _part(name: str, schema: Schema) -> str:
    said = meaning(schema)
    return f"\n### {name}\n\n{said + chr(10) * 2 if said else ''}{fields_table(schema, _part_link)}"
