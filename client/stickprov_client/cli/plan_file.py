"""Reading a plan file: YAML with control points, every error with its line and field."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from stickprov_client.cli.failure import BadInput
from stickprov_contracts.http.sampler import ControlPointId, DefineControlPoint

_KEY = "control_points"
_ID = "control_point"

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class PlannedPoint:
    """A control point as the file defines it."""

    control_point: str
    definition: DefineControlPoint


def read_plan(file: Path) -> list[PlannedPoint]:
    """Read every control point of a plan file.

    Raises:
        BadInput: the file cannot be read or has errors; all of them are named, each with its line and field.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from None
    try:
        content, lines = _parse(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadInput(f"{file}, line {line}: {error.problem or error.context or 'this is no YAML'}.") from None
    except yaml.YAMLError as error:
        raise BadInput(f"{file}: {error}") from None
    points = content.get(_KEY) if isinstance(content, dict) else None
    if not isinstance(points, list) or not points:
        raise BadInput(f"{file}, line 1: {_KEY}: write a list of control points under this key.")
    return _Reader(file, lines).read(points)


class _Reader:
    def __init__(self, file: Path, lines: dict[Place, int]) -> None:
        self._file = file
        self._lines = lines
        self._faults: list[str] = []

    def read(self, points: Sequence[Any]) -> list[PlannedPoint]:
        found = [self._point(place, point) for place, point in enumerate(points)]
        self._refuse_repeated(points)
        if self._faults:
            raise BadInput("\n".join(self._faults))
        return [point for point in found if point is not None]

    def _point(self, place: int, point: Any) -> PlannedPoint | None:  # noqa: ANN401 - whatever the YAML holds
        if not isinstance(point, dict):
            self._fault((_KEY, place), "a control point is a list of fields, such as number: and measure:")
            return None
        fields = {str(name): value for name, value in point.items() if name != _ID}
        try:
            return PlannedPoint(
                control_point=TypeAdapter(ControlPointId).validate_python(point.get(_ID)),
                definition=DefineControlPoint.model_validate(fields),
            )
        except ValidationError as error:
            for fault in error.errors():
                within = fault["loc"] or (_ID,)
                self._fault((_KEY, place, *within), _in_words(fault["type"], fault["msg"]))
            return None

    def _refuse_repeated(self, points: Sequence[Any]) -> None:
        seen: dict[str, int] = {}
        for place, point in enumerate(points):
            name = point.get(_ID) if isinstance(point, dict) else None
            if isinstance(name, str) and name in seen:
                first = self._line((_KEY, seen[name], _ID))
                self._fault((_KEY, place, _ID), f"{name} stands in line {first} already; give each its own id")
            elif isinstance(name, str):
                seen[name] = place

    def _fault(self, place: Place, message: str) -> None:
        field = ".".join(str(part) for part in place[2:]) or str(place[0])
        self._faults.append(f"{self._file}, line {self._line(place)}, field {field}: {message}.")

    def _line(self, place: Place) -> int:
        """Line of a place; of what holds it, when the place itself is missing."""
        while place not in self._lines:
            place = place[:-1]
        return self._lines[place]


def _in_words(kind: str, message: str) -> str:
    match kind:
        case "missing":
            return "this field is missing"
        case "extra_forbidden":
            return "there is no such field; check its spelling"
        case "string_type":
            return "write a text here, in quotes where it looks like a number"
        case "string_pattern_mismatch":
            return "use letters, digits, dots, hyphens and underscores, at most 64, such as AMF-2021-3"
        case _:
            return message[:1].lower() + message[1:]


def _parse(text: str) -> tuple[Any, dict[Place, int]]:
    """Return the content, and for every place in it the line (from 1) where it begins."""
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        lines: dict[Place, int] = {(): 1}
        if node is None:
            return None, lines
        _note_lines(node, (), lines)
        return loader.construct_document(node), lines
    finally:
        loader.dispose()


def _note_lines(node: yaml.Node, place: Place, lines: dict[Place, int]) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*place, str(key.value))
            if here in lines:
                raise yaml.MarkedYAMLError(None, None, f"{key.value}: this field stands here twice", key.start_mark)
            lines[here] = key.start_mark.line + 1
            _note_lines(value, here, lines)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            lines[(*place, number)] = value.start_mark.line + 1
            _note_lines(value, (*place, number), lines)
