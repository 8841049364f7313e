"""A register file of any format becomes one table of text, with the numbers of its rows.

What must not break: the same cells give the same texts whichever format they came in, so that a unit keeps its
pseudonym and a filter its rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Final, Literal

import duckdb

from stickprov_contracts.http.sampler import FrameOptions
from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.errors import BadInputError
from stickprov_sampler.adapters.duck import define_trimmed, fill, identifier, text_literal
from stickprov_sampler.adapters.frames.layout import Delimiter, detect_delimiter, empty_rows, read_header
from stickprov_sampler.adapters.frames.problems import unreadable_row
from stickprov_sampler.adapters.frames.spreadsheet import UNPACKED_BYTES, read_sheet
from stickprov_sampler.adapters.frames.text import Encoding, Text, transcode
from stickprov_sampler.domain.frame.columns import ColumnsError
from stickprov_sampler.domain.frame.freezing import EmptyFrameError

SQL = load_queries(__package__, "sources.sql")

Format = Literal["csv", "xlsx", "parquet"]

MOST_COLUMNS: Final = 2_000
MOST_ROWS: Final = 50_000_000
_ZIP: Final = b"PK\x03\x04"
_PARQUET: Final = b"PAR1"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_CHUNK: Final = 1 << 20
_FLOATS: Final = frozenset({"FLOAT", "DOUBLE"})
_NESTED: Final = ("STRUCT", "MAP", "UNION", "VARIANT")
_NO_TEXT: Final = frozenset({"BLOB", "BIT", "GEOMETRY"})


class FormatError(BadInputError):
    """The file is none that can be read, or an option is for another format."""

    code: ClassVar[str] = "format-unknown"
    title: ClassVar[str] = "The file's format does not fit"

    @classmethod
    def at(cls, option: str, message: str) -> "FormatError":
        """Return the error about an option, or about the file."""
        return cls(message, errors=[FieldProblem(field=option, code=cls.code, message=message)])


@dataclass(frozen=True, slots=True)
class Tables:
    """Names of the tables that a file is loaded into."""

    raw: str
    numbered: str
    rejects: str


REGISTER: Final = Tables("raw", "numbered", "reject_errors")
SUBUNITS: Final = Tables("subunit_raw", "subunit_numbered", "subunit_reject_errors")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file whose rows lie in the connection's tables, as text columns c0, c1, ...

    Attributes:
        unreadable: the rows that do not fit the header, which are not in the tables.
        rows: how many rows the file has, with the unreadable ones.
    """

    format: Format
    header: list[str]
    source_hash: str
    unreadable: list[FieldProblem]
    rows: int
    encoding: Encoding | None = None
    delimiter: Delimiter | None = None
    sheet: str | None = None
    sheets: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Copied:
    path: Path
    source_hash: str


def _nobody(_rows: int) -> None:
    """Tell nobody."""


def load(
    connection: duckdb.DuckDBPyConnection,
    source: BinaryIO,
    options: FrameOptions,
    work: Path,
    tables: Tables,
    told: Callable[[int], None] = _nobody,
) -> Loaded:
    """Load a file, and have ``trimmed`` look for the space that stands in it. Blocks.

    Args:
        connection: gets the tables.
        source: the file's bytes.
        options: how to read them.
        work: a private folder.
        tables: their names.
        told: hears now and then how many rows of text were read.

    Raises:
        UndecodableError, HeaderUnreadableError, SpreadsheetError, FormatError, ColumnsError, EmptyFrameError: say where
            and what to do.
    """
    try:
        return _load(connection, source, options, work, tables, told)
    except duckdb.OutOfMemoryException:
        raise FormatError.at(
            "file", "The file stands for more data than one import may hold. Split the register, or leave columns out."
        ) from None


def _load(
    connection: duckdb.DuckDBPyConnection,
    source: BinaryIO,
    options: FrameOptions,
    work: Path,
    tables: Tables,
    told: Callable[[int], None],
) -> Loaded:
    connection.execute(define_trimmed())
    source.seek(0)
    start = source.read(4)
    if start == _OLD_EXCEL:
        raise FormatError.at("file", "This is a workbook of the old kind (XLS). Save it as XLSX or CSV.")
    if start == _ZIP:
        _refuse_options("xlsx", encoding=options.encoding, delimiter=options.delimiter)
        return _load_workbook(connection, source, options, work, tables)
    kind: Format = "parquet" if start == _PARQUET else "csv"
    header_row = options.header_row if options.header_row > 1 else None
    _refuse_options(kind, sheet=options.sheet, header_row=header_row)
    if start == _PARQUET:
        _refuse_options("parquet", encoding=options.encoding, delimiter=options.delimiter)
        return _load_parquet(connection, source, options, work, tables)
    text = transcode(source, work / f"{tables.raw}.csv", options.encoding, told)
    return _load_text(connection, text, options, tables)


def _refuse_options(kind: Format, **given: object) -> None:
    for option, value in given.items():
        if value is not None:
            raise FormatError.at(option, f"The file is {kind.upper()}, which has no {option}. Leave the option out.")


def _load_text(connection: duckdb.DuckDBPyConnection, text: Text, options: FrameOptions, tables: Tables) -> Loaded:
    connection.execute(define_trimmed(text.spaces))
    delimiter: Delimiter = options.delimiter or detect_delimiter(text.path)
    header = _bounded(read_header(text.path, delimiter))

    def empty(rows: int) -> list[int]:
        # DuckDB leaves empty lines out, except where one column makes them a row without a value. If no line is left
        # over, none is empty, and no value goes over several.
        return empty_rows(text.path) if text.lines > rows + 1 and len(header) > 1 else []

    unreadable, rows = _read_csv(connection, text.path, delimiter, header, empty, tables, offset=0)
    return Loaded("csv", header, text.source_hash, unreadable, rows, encoding=text.encoding, delimiter=delimiter)


def _load_workbook(
    connection: duckdb.DuckDBPyConnection, source: BinaryIO, options: FrameOptions, work: Path, tables: Tables
) -> Loaded:
    copied = _copy(source, work / f"{tables.raw}.xlsx")
    target = work / f"{tables.raw}.csv"
    sheet = read_sheet(copied.path, target, options.sheet, options.header_row, _id_columns(options, tables))
    _bounded(sheet.header)
    offset = options.header_row - 1
    empty = [row - offset for row in sheet.empty_rows]
    unreadable, rows = _read_csv(connection, target, ",", sheet.header, lambda _: empty, tables, offset=offset)
    return Loaded("xlsx", sheet.header, copied.source_hash, unreadable, rows, sheet=sheet.name, sheets=sheet.sheets)


def _id_columns(options: FrameOptions, tables: Tables) -> list[str]:
    """Return the columns whose numbers are ids; "" for the first."""
    if tables is SUBUNITS:
        return [options.subunits_parent_column or "", options.subunits_id_column or ""]
    ids = [options.unit_id_column or "", options.personal_number_column, *options.identity_columns]
    return [name for name in ids if name is not None]


def _read_csv(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    delimiter: Delimiter,
    header: Sequence[str],
    empty: Callable[[int], Sequence[int]],
    tables: Tables,
    *,
    offset: int,
) -> tuple[list[FieldProblem], int]:
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(header)))
    names = {
        "raw": tables.raw,
        "numbered": tables.numbered,
        "rejects": tables.rejects,
        "scan": f"{tables.rejects}_scan",
    }
    try:
        connection.execute(
            fill(SQL["read_text"], columns=f"{{{columns}}}", **names), {"path": str(path), "delimiter": delimiter}
        )
    except duckdb.InvalidInputException as error:
        raise FormatError.at("file", _too_long(str(error))) from None
    unreadable = connection.execute(fill(SQL["unreadable_rows"], **names)).fetchall()
    read = _one(connection, fill(SQL["count_raw"], **names))[0]
    rows = read + len(unreadable)
    if rows == 0:
        raise EmptyFrameError("The file has a header but no rows under it. Export the register again.")
    gaps = sorted({row for row, _ in unreadable} | set(empty(rows)))
    if gaps:
        last = read + len(gaps) + 1
        connection.execute(
            fill(SQL["number_rows_around_gaps"], offset=str(offset), **names), {"gaps": gaps, "last": last}
        )
    else:
        connection.execute(fill(SQL["number_rows"], offset=str(offset + 2), **names))
    return [unreadable_row(row + offset, reason, len(header)) for row, reason in unreadable], rows


def _too_long(reason: str) -> str:
    return f"The file cannot be read as CSV ({reason.splitlines()[0][:200]}). Check its quotes, and export it again."


def _load_parquet(
    connection: duckdb.DuckDBPyConnection, source: BinaryIO, options: FrameOptions, work: Path, tables: Tables
) -> Loaded:
    copied = _copy(source, work / f"{tables.raw}.parquet")
    try:
        described = connection.execute(SQL["describe_parquet"], {"path": str(copied.path)}).fetchall()
        header = _bounded([name.strip() for name, _ in described])
        _refuse_too_many(connection, copied.path)
        ids = {name or header[0] for name in _id_columns(options, tables)}
        texts = ", ".join(
            f"{_as_text(name, kind, is_id=name.strip() in ids, options=options)} AS c{place}"
            for place, (name, kind) in enumerate(described)
        )
        names = {"raw": tables.raw, "numbered": tables.numbered}
        connection.execute(fill(SQL["read_parquet"], texts=texts, **names), {"path": str(copied.path)})
    except duckdb.OutOfMemoryException:
        raise
    except (duckdb.Error, OverflowError, MemoryError):
        raise FormatError.at("file", "The Parquet file is broken. Export the register again.") from None
    rows = _one(connection, fill(SQL["count_raw"], **names))[0]
    if rows == 0:
        raise EmptyFrameError("The file has columns but no rows. Export the register again.")
    connection.execute(fill(SQL["number_rows"], offset="2", **names))
    return Loaded("parquet", header, copied.source_hash, [], rows)


def _bounded(header: list[str]) -> list[str]:
    if len(header) > MOST_COLUMNS:
        raise ColumnsError.at(
            "file",
            f"The file has {len(header):,} columns; {MOST_COLUMNS:,} are the most. Leave out those that nobody needs.",
        )
    return header


def _refuse_too_many(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    rows, unpacked = _one(connection, fill(SQL["weigh_parquet"], path=text_literal(str(file))))
    if not 0 <= (rows or 0) <= MOST_ROWS or not 0 <= (unpacked or 0) <= UNPACKED_BYTES:
        raise FormatError.at(
            "file",
            f"The Parquet file says it holds {rows:,} rows and {unpacked or 0:,} bytes; {MOST_ROWS:,} and "
            f"{UNPACKED_BYTES:,} are the most. Split the register, or export it as CSV.",
        )


def _as_text(name: str, kind: str, *, is_id: bool, options: FrameOptions) -> str:
    """Return the expression for a Parquet column as the text that CSV would hold."""
    column = identifier(name)
    if kind.endswith("]") and name.strip() == options.subunit_ids_column and not kind.startswith(_NESTED):
        return f"array_to_string({column}, '|')"
    if kind.startswith(_NESTED) or kind.endswith("]") or kind in _NO_TEXT:
        raise ColumnsError.at(
            "file",
            f"Column “{name}” holds {kind}. A register has one value a cell: flatten the column, or leave it out. "
            "A list of subunits' ids can be named in subunit_ids_column.",
        )
    if kind in _FLOATS:
        whole = f"{column} = trunc({column}) AND abs({column}) < 1e15"
        if is_id:
            return f"format('{{:E}}', {column})"
        return f"CASE WHEN {whole} THEN {column}::BIGINT::VARCHAR ELSE {column}::VARCHAR END"
    if kind.startswith("DECIMAL"):
        text = f"{column}::VARCHAR"
        return f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"
    if kind.startswith("TIMESTAMP"):
        return f"CASE WHEN {column}::TIME = TIME '00:00:00' THEN {column}::DATE::VARCHAR ELSE {column}::VARCHAR END"
    return f"{column}::VARCHAR"


def _copy(source: BinaryIO, target: Path) -> _Copied:
    digest = sha256()
    source.seek(0)
    with target.open("wb") as out:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
    return _Copied(target, digest.hexdigest())


def _one(connection: duckdb.DuckDBPyConnection, statement: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute(statement).fetchone()
    if row is None:
        raise RuntimeError(f"no row from: {statement}")
    return row
