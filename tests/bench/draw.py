"""Drawing 1,000 of a million units from a frame file, against DuckDB alone and against ``consistent_sampler``.

Our draw is ``Sampling.select``: open a locked-down engine in a workspace of its own, compute every ticket, take the
smallest and fetch what the events need of each unit (month, stratum, unit, handler, subunits, ticket, order). DuckDB's
bare statement is run on a new connection and fetches the pseudonyms alone. ``consistent_sampler`` gets the ids as a
list that is in memory already. Checking the frame file's hash, which a draw does before its seed, has a row of its own;
storing the events is the append row's matter.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from consistent_sampler import sampler

from bench.table import Row
from stickprov_sampler.adapters.draws.sampling import Sampling
from stickprov_sampler.adapters.duck import THREADS
from stickprov_sampler.adapters.frames.files import hash_of
from stickprov_sampler.domain.draw.plan import Plan

UNITS = 1_000_000
DRAWN = 1_000
ROUNDS = 5
SEED = "13824381127973166541"
MONTHS = 12

MAKE_FRAME = f"""
COPY (
    SELECT sha256(unit::VARCHAR) AS case_id, '2021-' || lpad((1 + unit % {MONTHS})::VARCHAR, 2, '0') AS month,
        'District ' || unit % 7 AS stratum, 'Unit ' || unit % 30 AS unit, 'p' || left(sha256((unit % 300)::VARCHAR), 24)
        AS handler, (unit % 5)::INTEGER AS subunits
    FROM range({UNITS}) AS units (unit) ORDER BY case_id
) TO '{{path}}' (FORMAT parquet, COMPRESSION zstd)
"""
BARE = f"SELECT case_id FROM read_parquet($frame) ORDER BY sha256($seed || '|' || case_id) LIMIT {DRAWN}"


def run() -> list[Row]:
    """Return the rows on the draw, in seconds: smaller is better."""
    with tempfile.TemporaryDirectory() as folder:
        frame = Path(folder) / "frame.parquet"
        duckdb.connect().execute(MAKE_FRAME.format(path=frame))
        sampling = Sampling(Path(folder), "512MB")
        simple = Plan("simple", (), {"": UNITS}, {"": DRAWN})
        each = DRAWN // MONTHS
        months = [f"2021-{month:02}" for month in range(1, MONTHS + 1)]
        by_month = Plan("stratified", ("month",), dict.fromkeys(months, UNITS // MONTHS), dict.fromkeys(months, each))
        ours, stratified, hashed, bare = _medians(
            lambda: sampling.select(frame, simple, SEED),
            lambda: sampling.select(frame, by_month, SEED),
            lambda: hash_of(frame),
            lambda: _bare(frame),
        )
        ids = [
            case for (case,) in duckdb.connect().execute("SELECT case_id FROM read_parquet(?)", [str(frame)]).fetchall()
        ]
        drawn = [unit.case for unit in sampling.select(frame, simple, SEED)]
        if drawn != [case for (case,) in _bare(frame)]:
            raise AssertionError("the draw and DuckDB's bare statement disagree")
        (library,) = _medians(lambda: list(sampler(ids, seed=SEED, take=DRAWN, output="id")), rounds=3)
    return [
        Row("draw 1,000 of 1 million / DuckDB bare", ours, bare, ours / bare, "<= 1.3", "s"),
        Row("consistent_sampler / draw 1,000 of 1 million", ours, library, library / ours, ">= 25", "s"),
        Row(
            f"draw {each} from each of 12 months of 1 million / DuckDB bare",
            stratified,
            bare,
            stratified / bare,
            "",
            "s",
        ),
        Row("check the frame file's SHA-256 / DuckDB bare", hashed, bare, hashed / bare, "", "s"),
    ]


def _bare(frame: Path) -> list[tuple[str]]:
    with duckdb.connect(config={"threads": THREADS}) as connection:
        rows: list[tuple[str]] = connection.execute(BARE, {"frame": str(frame), "seed": SEED}).fetchall()
        return rows


def _medians(*works: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Return each work's median time; the rounds are interleaved, so that a busy moment strikes all alike."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in times]


if __name__ == "__main__":
    for row in run():
        print(f"{row.work}: {row.ours:.3f} {row.unit}, {row.peer:.3f} {row.unit}, {row.ratio:.2f} ({row.bar})")
