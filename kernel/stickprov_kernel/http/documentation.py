"""The published OpenAPI 3.1 document says what the service really answers."""

from typing import Any, Final

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from stickprov_contracts.http.headers import COMMAND_ID, IF_MATCH
from stickprov_contracts.problems import CONTENT_TYPE, Problem

_PROBLEM_REFERENCE: Final = "#/components/schemas/Problem"
_PROBLEM_CONTENT: Final = {CONTENT_TYPE: {"schema": {"$ref": _PROBLEM_REFERENCE}}}

PROBLEM_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"description": "Refused; the problem says why and what to do", "content": _PROBLEM_CONTENT},
    "5XX": {"description": "A fault on our side, or something is away for now", "content": _PROBLEM_CONTENT},
}


def refused(code: str) -> dict[str, Any]:
    """Return what a route documents of a refusal; naming the model instead has the framework build it for each route.

    Args:
        code: the problem's code in backquotes, or what it says.
    """
    return {"description": code, "content": _PROBLEM_CONTENT}


# Optional and any text for the framework, so that the refusal is our own problem with its code.
_HEADERS: Final[dict[str, dict[str, Any]]] = {
    COMMAND_ID: {"required": True, "schema": {"type": "string", "format": "uuid"}},
    IF_MATCH: {"schema": {"type": "string", "pattern": '^(W/)?"(0|[1-9][0-9]{0,17})"$'}},
}


def document(app: FastAPI) -> None:
    """Make ``app.openapi()`` complete: the problem's schema and media type, and which headers are required."""
    generate = app.openapi

    def complete() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = generate()
            _add_problem_schemas(schema)
            for operations in schema["paths"].values():
                for operation in operations.values():
                    _complete_operation(operation)
            app.openapi_schema = schema
        return app.openapi_schema

    # The framework's own way to change its document.
    app.openapi = complete  # type: ignore[method-assign]


def _add_problem_schemas(schema: dict[str, Any]) -> None:
    _, definitions = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    for name, definition in definitions["$defs"].items():
        schemas.setdefault(name, definition)


def _complete_operation(operation: dict[str, Any]) -> None:
    for response in operation["responses"].values():
        content = response.get("content", {})
        if content.get("application/json", {}).get("schema", {}).get("$ref") == _PROBLEM_REFERENCE:
            response["content"] = _PROBLEM_CONTENT
    for parameter in operation.get("parameters", ()):
        parameter.update(_HEADERS.get(parameter["name"], {}))
