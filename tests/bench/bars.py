"""What has to be reached: every promise of the bench with its bar, and does a ratio reach one?"""

import operator
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple


class Promise(NamedTuple):
    """A piece of work that has to be so fast, or so small, held against a peer or a limit.

    Attributes:
        work: what is done.
        against: what it is held against.
        bar: what the ratio of both has to reach, such as ``>= 0.5``.
        bench: the module here that measures it.
    """

    work: str
    against: str
    bar: str
    bench: str


PROMISES: Final[Mapping[str, Promise]] = {
    "draw-library": Promise(
        "a draw that anybody can verify, 1,000 of 1 million, frame on disk", "`consistent_sampler`", ">= 25", "draw"
    ),
    "draw-bare": Promise(
        "a draw of 1,000 of 1 million", "DuckDB's bare `ORDER BY sha256(...) LIMIT`", "<= 1.3", "draw"
    ),
    "draw-large-stratified": Promise("a stratified draw from 10 million", "DuckDB bare", "<= 1.3", "draw_large"),
    "draw-large-handlers": Promise("one of each handler's from 10 million", "DuckDB bare", "<= 1.3", "draw_large"),
    "draw-large-memory": Promise("the most memory of a draw from 10 million", "1 GB", "<= 1", "draw_large"),
    "freeze": Promise(
        "freeze 1 million CSV rows: validation, pseudonyms, encryption",
        "DuckDB's bare CSV read and Parquet write",
        "<= 6",
        "freeze",
    ),
    "append-bare": Promise(
        "append one event, acknowledged, 16 connections, sequencer running",
        "bare single-row INSERT",
        ">= 0.5",
        "append",
    ),
    "append-library": Promise(
        "append one event, acknowledged", "`eventsourcing` 9.5 in its safe mode", ">= 5", "append"
    ),
    "sequencer": Promise(
        "sequencer, 500 a batch, chain and tree", "bare INSERT of the same rows", ">= 0.8", "sequencer"
    ),
    "submit": Promise(
        "submit a finding by HTTP, validated, committed", "the handler without the domain", ">= 0.6", "submit"
    ),
    "projection": Promise("Kafka to projection committed", "a bare loop over the same topic", ">= 0.3", "projection"),
    "replay": Promise("replay and verify 1 million events", "bare read and validation", ">= 0.3", "replay"),
    "history-buffers": Promise(
        "statistic with 10 million events of history: buffers, equal but for the depth of an index",
        "itself with 10,000",
        "<= 1.2",
        "statistic_history",
    ),
    "history-time": Promise(
        "statistic with 10 million events of history: time", "itself with 10,000", "<= 1.2", "statistic_history"
    ),
    "visible": Promise(
        "submit to visible in the statistic, 50 a second", "the sum of the bare parts", "<= 3", "visible"
    ),
    "interval": Promise("exact interval, N = 13,350", "R's `hyperMCI`, 11 s", ">= 1000", "interval"),
    "idle-memory": Promise("idle memory of the three services together", "350 MB", "<= 1", "idle_memory"),
    "cold-demo": Promise("cold `make demo` after install", "30 s", "<= 1", "cold_demo"),
    "page": Promise("from one case's page to the next, 20 reviewers, our own time", "100 ms", "<= 1", "pages"),
}
"""In the order in which they are told."""

_SIGNS: Final[Mapping[str, Callable[[float, float], bool]]] = {">=": operator.ge, "<=": operator.le}


def holds(ratio: float, bar: str) -> bool | None:
    """Tell whether a ratio reaches a bar such as ``>= 0.5``; None where no bar is set.

    Raises:
        ValueError: the bar is written otherwise.
    """
    if not bar:
        return None
    sign, _, figure = bar.partition(" ")
    if sign not in _SIGNS:
        raise ValueError(f"a bar reads '>= 0.5' or '<= 1.3', not {bar!r}")
    return _SIGNS[sign](ratio, float(figure))
