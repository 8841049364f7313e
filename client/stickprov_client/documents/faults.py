"""What is wrong with a file, place by place."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class FileFault:
    """One thing that is wrong.

    Attributes:
        message: English sentence, which says what to do.
        number: of the line or row, from 1; None when the whole file is at fault.
        field: name of the field or column; "" when none is.
        unit: what is counted, and what holds the fault: lines and fields, or rows and columns.
    """

    message: str
    number: int | None = None
    field: str = ""
    unit: Literal["line", "row"] = "line"

    @property
    def text(self) -> str:
        """The fault as one sentence, after the file's name."""
        place = f", {self.unit} {self.number}" if self.number is not None else ""
        part = "field" if self.unit == "line" else "column"
        return f"{place}{f', {part} {self.field}' if self.field else ''}: {self.message}"


class BadFile(Exception):  # noqa: N818 - says the situation
    """A file cannot be used.

    Attributes:
        name: as messages call the file.
        faults: every one, in the order of the file.
    """

    def __init__(self, name: str, faults: Iterable[FileFault]) -> None:
        self.name = name
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{name}{fault.text}" for fault in self.faults))
