"""Drawing from a frame of 10 million units, by month and one of each handler's, against DuckDB's bare statement.

The bare statement is the one for the smallest tickets of the whole frame: it reads the pseudonyms alone and knows no
strata, so it is a limit rather than a peer. Memory is that of a whole process which does nothing but draw.
"""

import multiprocessing
import tempfile
from pathlib import Path
from typing import Final

import duckdb

from bench.draw import bare
from bench.rounds import interleaved
from bench.table import Row
from stickprov_sampler.adapters.draws.sampling import Sampling
from stickprov_sampler.domain.draw.plan import Plan

UNITS: Final = 10_000_000
MONTHS: Final = [f"2021-{month:02}" for month in range(1, 13)]
EACH: Final = 100
HANDLERS: Final = 3_000
ROUNDS: Final = 3
MEMORY: Final = "512MB"
MOST_MEGABYTES: Final = 1_000
SEED: Final = "13824381127973166541"

# Not in the order of the pseudonyms, which no draw looks at: sorting 10 million rows would take longer than the bench.
MAKE_FRAME: Final = f"""
COPY (
    SELECT sha256(unit::VARCHAR) AS case_id, '2021-' || lpad((1 + unit % {len(MONTHS)})::VARCHAR, 2, '0') AS month,
        'District ' || unit % 7 AS stratum, 'Unit ' || unit % 30 AS unit,
        'p' || lpad((unit % {HANDLERS})::VARCHAR, 24, '0') AS handler, (unit % 5)::INTEGER AS subunits
    FROM range({UNITS}) AS units (unit)
) TO '{{path}}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)
"""
BY_MONTH: Final = Plan(
    "stratified", ("month",), dict.fromkeys(MONTHS, UNITS // len(MONTHS)), dict.fromkeys(MONTHS, EACH)
)
_NAMES: Final = [f"p{number:024}" for number in range(HANDLERS)]
BY_HANDLER: Final = Plan("per_group", ("handler",), dict.fromkeys(_NAMES, UNITS // HANDLERS), dict.fromkeys(_NAMES, 1))


def run() -> list[Row]:
    """Return the rows: seconds, and megabytes of one drawing process."""
    with tempfile.TemporaryDirectory() as folder:
        frame = Path(folder) / "frame.parquet"
        duckdb.connect().execute(MAKE_FRAME.format(path=frame))
        sampling = Sampling(Path(folder), MEMORY)
        by_month, by_handler, limit = interleaved(
            lambda: sampling.select(frame, BY_MONTH, SEED),
            lambda: sampling.select(frame, BY_HANDLER, SEED),
            lambda: bare(frame, len(MONTHS) * EACH),
            rounds=ROUNDS,
        )
        memory = [max(_megabytes(frame, plan) for plan in (BY_MONTH, BY_HANDLER)) for _ in range(ROUNDS)]
    work = f"draw {EACH} from each of {len(MONTHS)} months of 10 million"
    other = f"draw one of each of {HANDLERS:,} handlers' of 10 million"
    return [
        Row(work, "DuckDB bare", "s", by_month, limit, "draw-large-stratified"),
        Row(other, "DuckDB bare", "s", by_handler, limit, "draw-large-handlers"),
        Row("the most memory of either draw's process", "1 GB", "MB", memory, [MOST_MEGABYTES], "draw-large-memory"),
    ]


def _megabytes(frame: Path, plan: Plan) -> float:
    """Return how much memory a process of its own needed at most for one draw."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_peak_after_draw, (frame, plan))


def _peak_after_draw(frame: Path, plan: Plan) -> float:
    if len(Sampling(frame.parent, MEMORY).select(frame, plan, SEED)) != sum(plan.wanted.values()):
        raise AssertionError("the draw has another size than the plan")
    # Not getrusage: its peak is also that of the process which this one was started from.
    (peak,) = (line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    return int(peak) * 1024 / 1e6
