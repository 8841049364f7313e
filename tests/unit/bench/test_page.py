"""The page of figures, and what is kept of them."""

import re

import pytest

from bench.bars import PROMISES
from bench.page import PAGE, page, verdict
from bench.results import RESULTS, Measured, Results, joined, read
from bench.table import Row

MACHINE = {"processor": "2 cores", "disk": "1 ms"}
REACHED = Row("append one", "INSERT", "events/s", [6.0, 7.0, 8.0], [10.0, 10.0, 10.0], "append-bare")
MISSED = Row("freeze", "DuckDB", "s", [7.0, 9.0, 8.0], [1.0, 1.0, 1.0], "freeze")


def _results(*rows: Row, **others: Measured) -> Results:
    return Results(MACHINE, {"one": Measured("2021-04-01 12:00", 60, 0.5, list(rows))} | others)


def test_the_page_is_what_its_figures_say():
    assert PAGE.read_text(encoding="utf-8") == page(read()), "make bench PAGE=1 writes both"


def test_the_page_leads_nowhere_on_the_machine_that_measured():
    told = RESULTS.read_text(encoding="utf-8") + PAGE.read_text(encoding="utf-8")
    assert re.findall(r"(?<![\w`])/(?:home|root|tmp|work|usr|Users)\b\S*", told) == []


def test_a_missed_bar_is_told_first_and_plainly():
    results = _results(REACHED, MISSED)
    assert verdict(results, whole=False) == "1 of 2 bars hold; missed: freeze against DuckDB (8)."
    assert "| freeze | DuckDB | 8 | 1 | s | 8 | 7-9 | <= 6 | **NO** |" in page(results)


def test_what_was_not_measured_is_told_with_its_bar():
    told = page(_results(REACHED))
    assert (
        "**Not measured**: append one event, acknowledged against `eventsourcing` 9.5 in its safe mode, bar >=" in told
    )


def test_what_failed_says_why():
    failed = Measured("2021-04-01 12:00", 1, 0, [], "OSError: no broker")
    told = page(_results(visible=failed))
    assert "50 a second against the sum of the bare parts, bar <= 3: OSError: no broker" in told


def test_a_bench_that_is_run_alone_takes_its_place_among_the_others():
    earlier = _results(REACHED, two=Measured("2021-04-01 12:00", 1, 0, [MISSED]))
    later = Results(MACHINE | {"disk": "2 ms"}, {"two": Measured("2021-05-01 12:00", 1, 0, [])})
    found = joined(earlier, later)
    assert list(found.rows()) == [REACHED]
    assert found.benches["two"].at == "2021-05-01 12:00"


def test_figures_of_another_machine_are_not_told_beside_these():
    later = Results({"processor": "64 cores", "disk": "1 ms"}, {"two": Measured("2021-05-01 12:00", 1, 0, [MISSED])})
    assert list(joined(_results(REACHED), later).rows()) == [MISSED]


def test_what_is_kept_can_be_read_again(tmp_path):
    kept = tmp_path / "bench.json"
    kept.write_text(_results(REACHED, MISSED).as_json(), encoding="utf-8")
    assert page(read(kept)) == page(_results(REACHED, MISSED))


@pytest.mark.parametrize("key", PROMISES)
def test_every_promise_is_measured_by_the_bench_that_it_names(key):
    source = PAGE.parents[2] / "tests" / "bench" / f"{PROMISES[key].bench}.py"
    assert f'"{key}"' in source.read_text(encoding="utf-8")
