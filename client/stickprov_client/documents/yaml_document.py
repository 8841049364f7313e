"""Reading YAML documents: every error, ours and the services', is named by its line and field.

``yes``, ``no`` and dates are texts here, as they look; only ``true`` and ``false`` are truth values.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from stickprov_client.documents.faults import BadFile, FileFault
from stickprov_contracts.problems import FieldProblem

M = TypeVar("M", bound=BaseModel)
Place = tuple[str | int, ...]

_TRUTH: Final = "tag:yaml.org,2002:bool"
_DATE: Final = "tag:yaml.org,2002:timestamp"
_UNKNOWN: Final = "extra_forbidden"
_ID_PATTERN: Final = "^[A-Za-z0-9]"
_ID_HINT: Final = "use letters, digits, dots, hyphens and underscores, at most 64, such as AMF-2021-3"


class _Loader(yaml.SafeLoader):
    """YAML as people write it: few words mean something else than themselves."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in {_TRUTH, _DATE} or first in "tTfF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Document:
    """A YAML file's content, and for every place in it the line (from 1) where it begins.

    Attributes:
        name: as messages call the file.
    """

    name: str
    content: Any
    lines: dict[Place, int] = field(default_factory=lambda: {(): 1})

    def line(self, place: Place) -> int:
        """Return the line of a place; of what holds it, when the place itself is missing."""
        while place not in self.lines:
            place = place[:-1]
        return self.lines[place]

    def fault(self, place: Place, message: str) -> FileFault:
        """Return one fault in words."""
        within = place[2:] if len(place) > 2 and isinstance(place[1], int) else place  # noqa: PLR2004 - list and number
        return FileFault(f"{message.rstrip('.')}.", self.line(place), ".".join(str(part) for part in within))

    def refused(self, problems: list[FieldProblem]) -> BadFile:
        """Return what a service refused, by line."""
        return BadFile(self.name, [self.warning(problem) for problem in problems])

    def warning(self, problem: FieldProblem) -> FileFault:
        """Return what a service warns of, by line."""
        return self.fault(_place(problem.field), problem.message)

    def checked(self, model: type[M], content: object) -> M:
        """Return the content as what it has to be.

        Raises:
            BadFile: every fault is named by its line and field.
        """
        try:
            return model.model_validate(content)
        except ValidationError as error:
            faults = [self.fault(tuple(one["loc"]), _in_words(model, one)) for one in error.errors()]
            raise BadFile(self.name, faults) from None


def read_document(file: Path) -> Document:
    """Read a YAML file. Raises as ``document_of`` does."""
    return document_of(str(file), content_of_file(file))


def content_of_file(file: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        BadFile: it is not there, or may not be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadFile(str(file), [FileFault(f"it cannot be read: {error.strerror}.")]) from None


def document_of(name: str, content: bytes) -> Document:
    """Read a YAML file's bytes.

    Raises:
        BadFile: it is not UTF-8, is no YAML, or a field stands twice.
    """
    text = _text(name, content)
    try:
        return _parsed(name, text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        fault = FileFault(f"{error.problem or error.context or 'this is no YAML'}.", line)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        fault = FileFault("there is a control character here; take it away.", line)
    except (ValueError, RecursionError) as error:
        fault = FileFault(f"this cannot be read as YAML ({error}).")
    raise BadFile(name, [fault])


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(name, [FileFault(f"it is not UTF-8 text (byte {error.start}). Save it as UTF-8.")]) from None


def _parsed(name: str, text: str) -> Document:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Document(name, None)
        lines: dict[Place, int] = {(): 1}
        _note_lines(node, (), lines, ())
        return Document(name, loader.construct_document(node), lines)
    finally:
        loader.dispose()


def _note_lines(node: yaml.Node, place: Place, lines: dict[Place, int], above: tuple[yaml.Node, ...]) -> None:
    if node in above:
        raise yaml.MarkedYAMLError(None, None, "this repeats what it stands in", node.start_mark)
    above = (*above, node)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*place, str(key.value))
            if here in lines:
                raise yaml.MarkedYAMLError(None, None, f"{key.value}: this field stands here twice", key.start_mark)
            lines[here] = key.start_mark.line + 1
            _note_lines(value, here, lines, above)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            lines[(*place, number)] = value.start_mark.line + 1
            _note_lines(value, (*place, number), lines, above)


def _place(field_name: str) -> Place:
    return tuple(int(part) if part.isdigit() else part for part in field_name.split("."))


_WORDS: Final = {
    "missing": "this field is missing",
    "string_type": "write a text here, in quotes where it looks like a number",
    "list_type": "write a list here, each entry with a hyphen before it",
    "model_type": "write fields here, such as number: and measure:",
    "model_attributes_type": "write fields here, such as number: and measure:",
    "dict_type": "write fields here, such as number: and measure:",
}


def _in_words(model: type[BaseModel], error: Any) -> str:  # noqa: ANN401 - pydantic's error details
    kind = error["type"]
    if kind in _WORDS:
        return _WORDS[kind]
    if kind == _UNKNOWN:
        return _unknown(str(error["loc"][-1]), model, error["loc"][:-1])
    if kind == "string_pattern_mismatch":
        is_id = str(error["ctx"]["pattern"]).startswith(_ID_PATTERN)
        return _ID_HINT if is_id else "there is a control character in this text; take it away"
    message = str(error["msg"])
    return message[:1].lower() + message[1:]


def _unknown(name: str, model: type[BaseModel], place: Place) -> str:
    known = list(_fields_at(model, place))
    meant = get_close_matches(name, known, n=1, cutoff=0.6)
    if meant:
        return f"there is no such field; did you mean {meant[0]}?"
    return f"there is no such field; there are {', '.join(known)}"


def _fields_at(model: type[BaseModel], place: Place) -> Iterator[str]:
    """Yield the fields that may stand at a place of a model."""
    current: type[BaseModel] | None = model
    for part in place:
        if isinstance(part, str) and current is not None and part in current.model_fields:
            current = next(_models_in(current.model_fields[part].annotation), None)
    if current is not None:
        yield from current.model_fields


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in {list, Union, UnionType}:
        for inner in get_args(annotation):
            yield from _models_in(inner)
