"""A frame's listing: the units that a draw is drawn from, read line by line.

What must not break: a frame of any size is read in little memory; only what a draw needs of it is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple

from stickprov_client.bundle.verifying.archive import Bundle
from stickprov_client.bundle.verifying.told import Different, Report, Sentence

NOTHING: Final = "\\N"
OWN_COLUMNS: Final = ("case_id", "month", "stratum", "unit", "handler", "subunits")
"""Columns that every listing begins with."""

_HEAD_LINES: Final = 2
_ESCAPES: Final = {"\\\\": "\\", "\\t": "\t", "\\n": "\n", "\\r": "\r"}

NO_LISTING: Final = Sentence(
    "The listing of frame “%(frame)s” is not one: line %(line)s has not the columns that line 1 names.",
    "Förteckningen över urvalsramen ”%(frame)s” är ingen sådan: rad %(line)s har inte de kolumner som rad 1 anger.",
)
OTHER_LISTING: Final = Sentence(
    "The listing of frame “%(frame)s” is not the one that was frozen: its SHA-256 is %(found)s, and the log says "
    "%(said)s.",
    "Förteckningen över urvalsramen ”%(frame)s” är inte den som frystes: dess SHA-256 är %(found)s, och loggen säger "
    "%(said)s.",
)
NOT_SORTED: Final = Sentence(
    "The listing of frame “%(frame)s” has case %(case)s after %(before)s: it is not sorted, or a unit stands twice.",
    "Förteckningen över urvalsramen ”%(frame)s” har ärendet %(case)s efter %(before)s: den är inte sorterad, eller så "
    "står en enhet två gånger.",
)
OTHER_SIZE: Final = Sentence(
    "The listing of frame “%(frame)s” has %(found)s units in month %(month)s, stratum “%(stratum)s”, and the log says "
    "%(said)s.",
    "Förteckningen över urvalsramen ”%(frame)s” har %(found)s enheter i månad %(month)s, stratum ”%(stratum)s”, och "
    "loggen säger %(said)s.",
)
OTHER_TOTAL: Final = Sentence(
    "The listing of frame “%(frame)s” has %(found)s %(what)s, and the log says %(said)s.",
    "Förteckningen över urvalsramen ”%(frame)s” har %(found)s %(what)s, och loggen säger %(said)s.",
)
UNITS: Final = Sentence("units", "enheter")
SUBUNITS: Final = Sentence("subunits", "underenheter")
LISTING_GONE: Final = Sentence(
    "The listing of frame “%(frame)s” is not in the bundle, so nothing can be drawn from it again.",
    "Förteckningen över urvalsramen ”%(frame)s” finns inte i paketet, så inget kan dras ur den igen.",
)
NOT_TIED: Final = Sentence(
    "Frame “%(frame)s” was frozen before listings had hashes. Its log entry has the hash of a Parquet file (%(hash)s), "
    "which cannot be tied to the listing without the engine that wrote it: that the units are those is what the "
    "bundle's "
    "maker says.",
    "Urvalsramen ”%(frame)s” frystes innan förteckningar hade kontrollsummor. Loggen har kontrollsumman för en "
    "Parquetfil (%(hash)s), som inte kan knytas till förteckningen utan den programvara som skrev den: att "
    "enheterna är "
    "de rätta är vad paketets upphovsman säger.",
)
LISTING_HOLDS: Final = Sentence(
    "The listing of frame “%(frame)s” is the one that was frozen: %(size)s units, by month and stratum as the "
    "log says.",
    "Förteckningen över urvalsramen ”%(frame)s” är den som frystes: %(size)s enheter, per månad och stratum som loggen "
    "säger.",
)


class Unit(NamedTuple):
    """A unit of a frame; ``cells`` has every column as text, None where there is no value."""

    case: str
    month: str
    stratum: str
    unit: str
    handler: str | None
    subunits: int | None
    cells: Sequence[str | None]


class Listing:
    """A frame's listing in a bundle.

    Attributes:
        names: the columns. kinds: their types, by name.
    """

    def __init__(self, bundle: Bundle, frame: Mapping[str, Any]) -> None:
        self.frame = frame
        self._bundle = bundle
        self._name = f"frames/{frame['frame']}.tsv"
        if self._name not in bundle.names():
            raise Different(LISTING_GONE, frame=frame["frame_name"])
        lines = bundle.lines(self._name)
        head = [_cells(line) for _, line in zip(range(_HEAD_LINES), lines, strict=False)]
        if len(head) < _HEAD_LINES or tuple(head[0][: len(OWN_COLUMNS)]) != OWN_COLUMNS or len(head[0]) != len(head[1]):
            raise Different(NO_LISTING, frame=frame["frame_name"], line=1)
        self.names = [str(name) for name in head[0]]
        self.kinds = dict(zip(self.names, map(str, head[1]), strict=True))

    def units(self) -> Iterator[Unit]:
        """Yield every unit in the order of the listing.

        Raises:
            Different: a line has not the columns.
        """
        width = len(self.names)
        for number, line in enumerate(self._bundle.lines(self._name), start=1):
            if number <= _HEAD_LINES:
                continue
            cells = _cells(line)
            unit = _unit(cells) if len(cells) == width else None
            if unit is None:
                raise Different(NO_LISTING, frame=self.frame["frame_name"], line=number)
            yield unit

    def column(self, name: str) -> int | None:
        """Return the place of a column, None where there is none."""
        return self.names.index(name) if name in self.names else None

    def digest(self) -> str:
        """Return the SHA-256 of the whole text, hex."""
        digest = sha256()
        with self._bundle.open(self._name) as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
        return digest.hexdigest()


def check_listing(bundle: Bundle, frame: Mapping[str, Any], report: Report) -> Listing:
    """Check a frame's listing against ``FrameFrozen``.

    Raises:
        Different: it is another text, is not sorted, or holds other numbers of units.
    """
    name = frame["frame_name"]
    listing = Listing(bundle, frame)
    said = frame.get("listing_hash")
    if said is None:
        report.note(NOT_TIED, frame=name, hash=frame["frame_hash"])
    elif (found := listing.digest()) != said:
        raise Different(OTHER_LISTING, frame=name, found=found, said=said)
    sizes: dict[tuple[str, str], int] = {}
    before, subunits, counted = "", 0, 0
    for unit in listing.units():
        if unit.case <= before:
            raise Different(NOT_SORTED, frame=name, case=unit.case, before=before)
        before = unit.case
        cell = unit.month, unit.stratum
        sizes[cell] = sizes.get(cell, 0) + 1
        subunits, counted = subunits + (unit.subunits or 0), counted + 1
    _check_sizes(frame, sizes)
    for what, total, logged in ((UNITS, counted, frame["size"]), (SUBUNITS, subunits, frame["subunits"])):
        if logged is not None and total != logged:
            raise Different(OTHER_TOTAL, frame=name, found=total, what=what, said=logged)
    if said is not None:
        report.holds(LISTING_HOLDS, frame=name, size=counted)
    return listing


def _check_sizes(frame: Mapping[str, Any], found: Mapping[tuple[str, str], int]) -> None:
    said: dict[tuple[str, str], int] = {}
    for cell in frame["strata"]:
        key = cell["month"], cell["stratum"]
        said[key] = said.get(key, 0) + cell["size"]
    for month, stratum in sorted(said.keys() | found.keys()):
        here, there = found.get((month, stratum), 0), said.get((month, stratum), 0)
        if here != there:
            raise Different(OTHER_SIZE, frame=frame["frame_name"], month=month, stratum=stratum, found=here, said=there)


def _unit(cells: Sequence[str | None]) -> Unit | None:
    """Return the unit of a line, None where a cell does not hold what it should."""
    case, month, stratum, unit, handler, subunits = cells[: len(OWN_COLUMNS)]
    if case is None or month is None or stratum is None or unit is None:
        return None
    if subunits is not None and not (subunits.isascii() and subunits.isdecimal()):
        return None
    return Unit(case, month, stratum, unit, handler, None if subunits is None else int(subunits), cells)


def _cells(line: bytes) -> list[str | None]:
    text = line.decode()
    cells = text.split("\t")
    if "\\" not in text:
        return list(cells)
    return [None if cell == NOTHING else _unescaped(cell) for cell in cells]


def _unescaped(cell: str) -> str:
    if "\\" not in cell:
        return cell
    parts = cell.split("\\\\")
    for escaped, sign in _ESCAPES.items():
        if escaped != "\\\\":
            parts = [part.replace(escaped, sign) for part in parts]
    return "\\".join(parts)
