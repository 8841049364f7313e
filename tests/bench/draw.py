"""Drawing 1,000 of a million units from a frame file, against DuckDB alone and against ``consistent_sampler``.

Our draw is ``Sampling.select``: open a locked-down engine in a workspace of its own, compute every ticket, take the
smallest and fetch what the events need of each unit (month, stratum, unit, handler, subunits, ticket, order). DuckDB's
bare statement is run on a new connection and fetches the pseudonyms alone. ``consistent_sampler`` gets the ids as a
list that is in memory already, in a process of its own, because the memory it fills and frees slows whoever comes next.
Checking the frame file's hash, which a draw does before its seed, has a row of its own; storing the events is the
append row's matter.
"""

import multiprocessing
import tempfile
from pathlib import Path

import duckdb
from consistent_sampler import sampler

from bench.rounds import interleaved
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
BARE = "SELECT case_id FROM read_parquet($frame) ORDER BY sha256($seed || '|' || case_id) LIMIT {n}"


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
        drawn = [unit.case for unit in sampling.select(frame, simple, SEED)]
        if drawn != [case for (case,) in bare(frame)]:
            raise AssertionError("the draw and DuckDB's bare statement disagree")
        with multiprocessing.get_context("spawn").Pool(1, _remember, (frame,)) as other:
            ours, stratified, hashed, alone, library = interleaved(
                lambda: sampling.select(frame, simple, SEED),
                lambda: sampling.select(frame, by_month, SEED),
                lambda: hash_of(frame),
                lambda: bare(frame),
                lambda: other.apply(_by_library),
                rounds=ROUNDS,
            )
    return [
        Row("draw 1,000 of 1 million", "consistent_sampler", "s", ours, library, "draw-library", turned=True),
        Row("draw 1,000 of 1 million", "DuckDB bare", "s", ours, alone, "draw-bare"),
        Row("DuckDB bare, the limit itself", "consistent_sampler", "s", alone, library, turned=True),
        Row(f"draw {each} from each of 12 months of 1 million", "DuckDB bare", "s", stratified, alone),
        Row("check the frame file's SHA-256", "DuckDB bare", "s", hashed, alone),
    ]


def bare(frame: Path, n: int = DRAWN) -> list[tuple[str]]:
    """Return the units with the smallest tickets by DuckDB alone, on a new connection."""
    with duckdb.connect(config={"threads": THREADS}) as connection:
        rows: list[tuple[str]] = connection.execute(BARE.format(n=n), {"frame": str(frame), "seed": SEED}).fetchall()
        return rows


_ids: list[str] = []


def _remember(frame: Path) -> None:
    """Have the ids in memory, as the library wants them."""
    found = duckdb.connect().execute("SELECT case_id FROM read_parquet(?)", [str(frame)]).fetchall()
    _ids.extend(case for (case,) in found)


def _by_library() -> int:
    return len(list(sampler(_ids, seed=SEED, take=DRAWN, output="id")))
