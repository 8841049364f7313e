"""Reading YAML documents: every error, ours and the services', is named by its line and field.

``yes``, ``no``, dates and times are texts here, as they look; only ``true`` and ``false`` are truth values.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from stickprov_client.documents.faults import BadFile, FileFault
from stickprov_client.documents.model_faults import Place, fault_words
from stickprov_client.documents.typed_values import readable
from stickprov_contracts.problems import FieldProblem

M = TypeVar("M", bound=BaseModel)

_MOST_PLACES: Final = 200_000
"""Values of one document; a few lines of references to references can stand for more than any memory holds."""
_LONGEST: Final = 2_000_000
"""Bytes; a plan of a thousand control points has a quarter of them. Reading takes seconds a megabyte."""
_DEEPEST: Final = 40
_TRUTH: Final = "tag:yaml.org,2002:bool"
_WHOLE: Final = "tag:yaml.org,2002:int"
_BROKEN: Final = "tag:yaml.org,2002:float"
# The library's own take 1:30:00 for a number, and a long row of those takes it seconds. What it writes without quotes
# because it is no number to it must be none here.
_NUMBERS: Final = {
    _WHOLE: re.compile(r"[-+]?(?:0|[1-9][0-9]{0,29})"),
    _BROKEN: re.compile(r"[-+]?(?:[0-9]{1,30}\.[0-9]{0,30}|\.[0-9]{1,30})(?:[eE][-+][0-9]{1,3})?"),
}
_DATE: Final = "tag:yaml.org,2002:timestamp"


class _Loader(yaml.SafeLoader):
    """YAML as people write it: few words mean something else than themselves."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, re.compile(rf"(?:{_NUMBERS[tag].pattern})\Z") if tag in _NUMBERS else pattern)
        for tag, pattern in resolvers
        if tag not in {_TRUTH, _DATE} or first in "tTfF"
    ]
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
        sentence = message if message.endswith((".", "?")) else f"{message}."
        return FileFault(sentence, self.line(place), ".".join(str(part) for part in within))

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
            return model.model_validate(readable(model, content))
        except ValidationError as error:
            faults = [self.fault(tuple(one["loc"]), fault_words(model, one)) for one in error.errors()]
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
    if line := _nested(text):
        raise BadFile(name, [FileFault("brackets stand in each other too deep here.", line)])
    try:
        return _parsed(name, text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        fault = FileFault(f"{error.problem or error.context or 'this is no YAML'}.", line)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        fault = FileFault("there is a control character here; take it away.", line)
    except (ValueError, RecursionError):
        fault = FileFault("this cannot be read as YAML.")
    raise BadFile(name, [fault])


def _nested(text: str) -> int:
    """Return the line where brackets stand in each other deeper than anybody writes them, 0 where they do not."""
    depth = 0
    for found in re.finditer(r"[\[{\]}]", text):
        depth += 1 if found[0] in "[{" else -1 if depth else 0
        if depth > _DEEPEST:
            return text.count("\n", 0, found.start()) + 1
    return 0


def _text(name: str, content: bytes) -> str:
    if len(content) > _LONGEST:
        raise BadFile(name, [FileFault(f"it is larger than {_LONGEST // 1_000_000} MB. Divide it.")])
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
    if len(lines) > _MOST_PLACES:
        raise yaml.MarkedYAMLError(None, None, "this repeats itself more often than any such file", node.start_mark)
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
