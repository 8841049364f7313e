"""The first visible sheet of a workbook as text, read in a process of its own: a few bytes can stand for gigabytes.

What must not break: whoever reads outlives every file. The process has bounds on memory, time and what it gives back.
"""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final

from python_calamine import CalamineWorkbook, SheetVisibleEnum

UNPACKED_BYTES: Final = 200_000_000
_MOST_PARTS: Final = 1_000
_MOST_CHARACTERS: Final = 50_000_000
_MEMORY_BYTES: Final = 1_500_000_000
_SECONDS: Final = 60


class UnreadableSheetError(Exception):
    """The workbook is broken or too large; the message says which."""


def rows_in(content: bytes) -> list[list[str]]:
    """Return the rows of the first sheet that is not hidden, empty ones too.

    Raises:
        UnreadableSheetError: it cannot be read within the bounds.
    """
    _weigh(content)
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise UnreadableSheetError("it takes too long") from None
    if done.returncode != 0:
        raise UnreadableSheetError("it is broken, or stands for too much")
    rows: list[list[str]] = json.loads(done.stdout)
    return rows


def _weigh(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            listed = parts.infolist()
            if len(listed) > _MOST_PARTS or sum(part.file_size for part in listed) > UNPACKED_BYTES:
                raise UnreadableSheetError("it unpacks to too much")
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise UnreadableSheetError("it is no whole XLSX workbook") from None


def _read(content: bytes) -> list[list[str]]:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        shown = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
        if not shown:
            return []
        rows: list[list[str]] = []
        left = _MOST_CHARACTERS
        for row in book.get_sheet_by_name(shown[0]).iter_rows():
            rows.append(list(_cells(row)))
            left -= sum(len(cell) + 1 for cell in rows[-1])
            if left < 0:
                raise UnreadableSheetError("it holds more text than any such file")
        return rows


def _cells(row: Iterable[object]) -> Iterator[str]:
    for value in row:
        match value:
            case bool():
                yield "yes" if value else "no"
            case float():
                yield repr(int(value)) if value.is_integer() else repr(value)
            case datetime():
                yield value.date().isoformat()
            case date():
                yield value.isoformat()
            case _:
                yield str(value)


def _main() -> None:
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        pass
    else:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    json.dump(_read(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    _main()
