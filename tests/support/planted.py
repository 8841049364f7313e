"""People who are planted in what is typed and imported, and how any writing of theirs is found in bytes.

Every name holds the same made-up word and every number the same date of birth, so that looking through some hundred
megabytes takes seconds. Numbers are told from chance by their last four digits.
"""

import base64
import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

import duckdb
from pypdf import PdfReader

from stickprov_sampler.domain.identity.personal_number import check_digit

WORD: Final = "qvirre"
"""Stands in every planted name, address, sign-in name and case number, whatever its case."""

_DAY: Final = "130407"
_CENTURY: Final = "19"
PEOPLE: Final = 4
_SIGNS: Final = ("", "-", "+", " ")
_ENDINGS: Final = tuple(f"{number:03}{check_digit(f'{_DAY}{number:03}')}" for number in range(101, 101 + PEOPLE))


def person(number: int) -> str:
    """Return the name of planted person 1, 2, ..."""
    return f"Åsa-{number} {WORD.capitalize()}sson"


def personal_number(number: int, sign: str = "-") -> str:
    """Return their personal number with its century."""
    return f"{_CENTURY}{_DAY}{sign}{_ENDINGS[number - 1]}"


def case_number(number: int) -> str:
    """Return the number of their case in the register."""
    return f"{WORD.upper()}/{number:04}"


def _hashes(text: str) -> Iterator[bytes]:
    for algorithm in ("md5", "sha1", "sha256"):
        digest = hashlib.new(algorithm, text.encode(), usedforsecurity=False)
        yield digest.digest()
        yield digest.hexdigest().encode()


def _in_base64(text: str) -> Iterator[bytes]:
    """Yield what a text leaves in the base64 of anything it stands in: three shifts, without the ends that vary."""
    raw = text.encode()
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw).rstrip(b"=")
        yield coded[(0, 2, 3)[shift] : len(coded) - 1]


def _needles() -> dict[bytes, str]:
    """Return what is looked for in bytes as they are, and what each is a writing of."""
    needles: dict[bytes, str] = {}
    texts = [f"{_DAY}{sign}{ending}" for ending in _ENDINGS for sign in _SIGNS]
    names = [WORD, WORD.capitalize(), WORD.upper()]
    for text in texts:
        needles[text.encode()] = text
    for text in [*texts, *names]:
        for encoding in ("utf-16-le", "utf-16-be"):
            needles[text.encode(encoding)] = f"{text} in {encoding}"
        needles[text.encode().hex().encode()] = f"{text} in hexadecimal"
    for text in [*texts, f"{WORD.capitalize()}sson", f"{WORD}@example", f"{WORD.upper()}/00"]:
        needles |= dict.fromkeys(_in_base64(text), f"{text} in base64")
    return needles


def _guesses() -> dict[bytes, str]:
    """Return hashes that somebody would guess by hashing every number there is."""
    texts = [f"{_DAY}{sign}{ending}" for ending in _ENDINGS for sign in _SIGNS]
    numbers = range(1, PEOPLE + 1)
    whole = [*texts, *(_CENTURY + text for text in texts), *map(person, numbers), *map(case_number, numbers)]
    return {digest: f"a hash of {text}" for text in whole for digest in _hashes(text)}


_NEEDLES: Final = _needles()
_GUESSES: Final = _guesses()


def found_in(content: bytes, *, guessing: bool = True) -> set[str]:
    """Return which planted writings some bytes hold.

    Args:
        content: to be looked through.
        guessing: whether to look for hashes too; it takes three times as long.
    """
    needles = _NEEDLES | _GUESSES if guessing else _NEEDLES
    found = {what for needle, what in needles.items() if needle in content}
    return found | ({WORD} if WORD.encode() in content.lower() else set())


def found_in_file(name: str, content: bytes) -> set[str]:
    """Return the same of a file, of what is packed in it, and of what a reader of its kind sees."""
    return set().union(*(found_in(part) for part in unpacked(name, content)))


def unpacked(name: str, content: bytes) -> Iterator[bytes]:
    """Yield a file's bytes, and those of its parts: a zip's entries, a Parquet file's rows, the text of a PDF."""
    yield content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for entry in archive.infolist():
                yield entry.filename.encode()
                yield from unpacked(entry.filename, archive.read(entry))
    elif content.startswith(b"%PDF"):
        reader = PdfReader(BytesIO(content))
        yield repr(dict(reader.metadata or {})).encode()
        for page in reader.pages:
            yield page.extract_text().encode()


def parquet_text(files: Iterable[Path]) -> Iterator[bytes]:
    """Yield all rows of some Parquet files, as text."""
    with duckdb.connect() as engine:
        for file in files:
            yield repr(engine.execute("FROM read_parquet(?)", [str(file)]).fetchall()).encode()
