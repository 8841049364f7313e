"""Freezing a million CSV rows, with personal numbers checked, against DuckDB's bare CSV read and Parquet write.

Both read the same file with the same number of threads and write Parquet of the same compression; ours validates each
row, makes the pseudonyms and writes the identity file beside the frame.
"""

import secrets
import tempfile
from datetime import date
from pathlib import Path
from uuid import uuid4

import duckdb

from bench.rounds import interleaved
from bench.table import Row
from stickprov_contracts.http.sampler import FrameOptions
from stickprov_kernel.period import parse_period
from stickprov_sampler.adapters.duck import THREADS
from stickprov_sampler.adapters.frames.reading import Files, reading
from stickprov_sampler.adapters.frames.writing import Places, write
from support.master_keys import sealing

UNITS, ROUNDS, MEMORY = 1_000_000, 3, "512MB"

# Numbers that pass every check: born in 1950 to 1999, a serial number, and the check digit in arithmetic.
MAKE_REGISTER = """
COPY (
    WITH dated AS (
        SELECT unit, strftime(DATE '1950-01-01' + (unit % 18000)::INTEGER, '%y%m%d')
            || lpad((unit // 18000)::VARCHAR, 3, '0') AS nine
        FROM range({units}) AS units (unit)
    ), summed AS (
        SELECT *, list_sum(list_transform(range(1, 10), lambda place: CASE WHEN place % 2 = 1
            THEN (2 * substr(nine, place, 1)::INTEGER) // 10 + (2 * substr(nine, place, 1)::INTEGER) % 10
            ELSE substr(nine, place, 1)::INTEGER END)) AS total
        FROM dated
    )
    SELECT '19' || left(nine, 6) || '-' || right(nine, 3) || ((10 - total % 10) % 10)::INTEGER AS "Personnummer",
        'Namn ' || unit AS "Namn", strftime(DATE '2021-01-01' + (unit % 90)::INTEGER, '%Y-%m-%d') AS "Datum",
        'Enhet ' || unit % 20 AS "Enhet", 'h' || unit % 200 AS "Handläggare", unit % 5 AS "Barn"
    FROM summed
) TO '{path}' (FORMAT csv, HEADER, DELIMITER ';')
"""
BARE = """
COPY (SELECT * FROM read_csv($path, delim = ';', header = true, all_varchar = true))
TO '{target}' (FORMAT parquet, COMPRESSION zstd)
"""
OPTIONS = FrameOptions(
    frame_name="Mars",
    control_point="AMF-2021-3",
    period="2021-Q1",
    extract_date=date(2021, 3, 31),
    personal_number_column="Personnummer",
    identity_columns=["Namn"],
    month_column="Datum",
    stratum_column="Enhet",
    handler_column="Handläggare",
    subunits_column="Barn",
)


def run() -> list[Row]:
    """Return the rows on the freeze, in seconds: smaller is better."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        register = folder / "register.csv"
        duckdb.connect().execute(MAKE_REGISTER.format(units=UNITS, path=register))
        ours, filtered, bare = interleaved(
            lambda: _freeze(register, folder, OPTIONS),
            lambda: _freeze(
                register, folder, OPTIONS.model_copy(update={"filter": "age between 16 and 65 and Barn > 0"})
            ),
            lambda: _bare(register, folder),
            rounds=ROUNDS,
        )
    return [
        Row("freeze 1 million CSV rows", "DuckDB bare: CSV to Parquet", "s", ours, bare, "freeze"),
        Row("the same with a filter on age", "DuckDB bare: CSV to Parquet", "s", filtered, bare),
    ]


def _freeze(register: Path, folder: Path, options: FrameOptions) -> None:
    work = folder / str(uuid4())
    folders = (work / place for place in ("frames", "frames/.work", "vault", "vault/.work"))
    places = Places(*folders, sealing(folder))
    for made in (places.frame_work, places.vault_work):
        made.mkdir(parents=True)
    period = parse_period(options.period)
    with (
        register.open("rb") as source,
        reading(
            Files(source),
            options,
            period,
            places.vault_work,
            writable=places.frame_work,
            memory=MEMORY,
            stage=lambda _: None,
        ) as extract,
    ):
        if extract.report.rejected_rows:
            raise AssertionError(extract.report.rejected[:3])
        write(extract, uuid4(), secrets.token_bytes(32), b"staff key", places, lambda _: None)


def _bare(register: Path, folder: Path) -> None:
    with duckdb.connect(config={"threads": THREADS}) as connection:
        connection.execute(BARE.format(target=folder / f"{uuid4()}.parquet"), {"path": str(register)})
