"""The published schemas: JSON Schema per event type, AsyncAPI for the topics, and what counts as breaking them.

``python -m stickprov_contracts.published FOLDER`` writes them; a test compares the committed files with the code.
``released.json`` remembers every field that was ever released. It only grows: a change that would break a reader
is refused, and the way out is a new version of the event type. ``since.json`` remembers the release of each.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from stickprov_contracts.envelope import HASHED_ATTRIBUTES
from stickprov_contracts.events import EVENT_TYPES, Event
from stickprov_contracts.topics import CHECKPOINTS, SOURCES, TOPIC_OF, source_uri

Schema = dict[str, Any]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_WORDS: Final = {"title", "description", "examples"}
"""Keywords that explain; changing them breaks nobody."""
_READERS: Final = {"sampler": ["findings", "reporting"], "findings": ["reporting"]}


def event_schema(type_: str, model: type[Event]) -> Schema:
    """Return the JSON Schema of one event type's data."""
    schema = model.model_json_schema(mode="validation")
    schema["$schema"] = _DIALECT
    schema["title"] = type_
    return schema


def asyncapi() -> Schema:
    """Return the AsyncAPI 3.0 document: topics, who sends and who hears, headers and payloads."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Stickprov event logs",
            "version": "1",
            "description": (
                "CloudEvents 1.0 in Kafka binary mode. One partition per topic; the header ce_position is the event's "
                "place in its log's total order, without holes. Each log can also be read at GET /v1/log."
            ),
        },
        "defaultContentType": "application/json",
        "channels": {source: _channel(source) for source in SOURCES} | {"checkpoints": _checkpoints()},
        "operations": _operations(),
        "components": {
            "messages": {type_: _message(type_) for type_ in EVENT_TYPES},
            "schemas": {"headers": _headers()},
        },
    }


def _channel(source: str) -> Schema:
    return {
        "address": TOPIC_OF[source],  # type: ignore[index]
        "description": f"The log of {source}, CloudEvents source {source_uri(source)}.",  # type: ignore[arg-type]
        "messages": {
            type_: {"$ref": f"#/components/messages/{type_}"}
            for type_, model in EVENT_TYPES.items()
            if model.source == source
        },
        "bindings": {"kafka": {"partitions": 1, "topicConfiguration": {"retention.ms": -1}}},
    }


def _checkpoints() -> Schema:
    return {
        "address": CHECKPOINTS,
        "description": "Signed checkpoints of both logs, in the order of each log's sizes.",
        "messages": {
            "checkpoint": {
                "name": "checkpoint",
                "contentType": "text/plain; charset=utf-8",
                "summary": "What a log was: origin, size and root, signed (c2sp.org/tlog-checkpoint).",
                "payload": {"type": "string"},
                "bindings": {"kafka": {"key": {"type": "string", "description": "the log's origin"}}},
            }
        },
        "bindings": {"kafka": {"partitions": 1, "topicConfiguration": {"retention.ms": -1}}},
    }


def _operations() -> Schema:
    operations = {
        f"{source}-publishes": {"action": "send", "channel": {"$ref": f"#/channels/{source}"}} for source in SOURCES
    }
    for source in SOURCES:
        operations[f"{source}-signs"] = {"action": "send", "channel": {"$ref": "#/channels/checkpoints"}}
    for heard, readers in _READERS.items():
        for reader in readers:
            operations[f"{reader}-hears-{heard}"] = {
                "action": "receive",
                "channel": {"$ref": f"#/channels/{heard}"},
            }
    return operations


def _message(type_: str) -> Schema:
    return {
        "name": type_,
        "contentType": "application/json",
        "summary": (EVENT_TYPES[type_].__doc__ or "").split("\n", 1)[0],
        "headers": {"$ref": "#/components/schemas/headers"},
        "payload": {"schemaFormat": f"application/schema+json;version={_DIALECT}", "schema": {"$ref": _file(type_)}},
        "bindings": {"kafka": {"key": {"type": "string", "description": "the stream, as ce_subject"}}},
    }


def _headers() -> Schema:
    names = [f"ce_{name}" for name in HASHED_ATTRIBUTES if name != "datacontenttype"]
    required = [name for name in names if name != "ce_causationid"]
    return {
        "type": "object",
        "properties": {name: {"type": "string"} for name in [*names, "ce_position", "ce_chainhash", "content-type"]},
        "required": [*required, "ce_position", "ce_chainhash", "content-type"],
    }


def _file(type_: str) -> str:
    return f"./events/{type_}.json"


def released() -> dict[str, dict[str, Schema]]:
    """Return what readers depend on: per event type its fields, each with its shape and whether it is required."""
    return {type_: _fields(event_schema(type_, model)) for type_, model in EVENT_TYPES.items()}


def _fields(schema: Schema) -> dict[str, Schema]:
    required = set(schema.get("required", ()))
    return {
        name: {"required": name in required, "shape": _shape(value, schema.get("$defs", {}))}
        for name, value in schema["properties"].items()
    }


def first_releases(before: dict[str, str], release: str) -> dict[str, str]:
    """Return the release that each type and each of its fields came with; what ``before`` lacks came with this one."""
    names = (name for type_, fields in released().items() for name in (type_, *(f"{type_}.{one}" for one in fields)))
    return {name: before.get(name, release) for name in names}


def _shape(value: object, definitions: Schema) -> object:
    """Return a schema with its references resolved and without words, so that only its meaning is compared."""
    if isinstance(value, list):
        return [_shape(item, definitions) for item in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        return _shape(definitions[value["$ref"].rsplit("/", 1)[1]], definitions)
    plain = {key: item for key, item in value.items() if key not in _WORDS or not isinstance(item, str)}
    return {key: _shape(item, definitions) for key, item in plain.items()}


def breaking_changes(before: dict[str, dict[str, Schema]], after: dict[str, dict[str, Schema]]) -> list[str]:
    """Return in words what a reader of released events could not bear. Only an added optional field is harmless."""
    found = []
    for type_, fields in before.items():
        now = after.get(type_)
        if now is None:
            found.append(f"{type_} is gone")
            continue
        found += [f"{type_}.{name} is gone" for name in fields if name not in now]
        found += [f"{type_}.{name} is new and required" for name in now if name not in fields and now[name]["required"]]
        found += [f"{type_}.{name} has changed" for name in fields if name in now and now[name] != fields[name]]
    return found


def render() -> dict[str, str]:
    """Return every generated file, by its path below the schemas' folder."""
    files: dict[str, object] = {_file(type_)[2:]: event_schema(type_, model) for type_, model in EVENT_TYPES.items()}
    files["asyncapi.json"] = asyncapi()
    return {path: to_text(content) for path, content in files.items()}


def to_text(content: object) -> str:
    """Return JSON as it is committed."""
    return json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def write(folder: Path) -> list[str]:
    """Write the generated files and grow both records, unless something breaks; return what does."""
    broken = breaking_changes(_remembered(folder / "released.json"), released())
    if not broken:
        since = first_releases(_remembered(folder / "since.json"), version("stickprov"))
        for path, text in (render() | {"released.json": to_text(released()), "since.json": to_text(since)}).items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    return broken


def _remembered(record: Path) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}


if __name__ == "__main__":
    problems = write(Path(sys.argv[1]))
    for problem in problems:
        sys.stderr.write(f"breaking: {problem}; publish a new version of the event type instead\n")
    sys.exit(1 if problems else 0)
