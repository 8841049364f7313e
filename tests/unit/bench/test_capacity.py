"""The capacity page: its arithmetic, and that it is what its figures say."""

from bench.capacity import written
from bench.capacity_page import PAGE
from bench.capacity_reckoning import reckoned

FOUND = {
    "idle, CPU ms a second": {"findings": 13.0, "reporting": 19.0},
    "frame row and its share of a draw, CPU ms": {"sampler": 0.04, "postgres": 0.01},
    "submit, CPU ms": {"findings": 3.0, "postgres": 1.0},
    "case reviewed on pages, CPU ms": {"web": 30.0, "findings": 20.0},
    "frame row, bytes": {"frames": 60.0, "vault": 140.0},
    "case drawn, bytes": {"sampler: event": 1_000.0, "findings: drawn_case": 500.0},
    "submit, bytes": {"findings: event": 2_000.0},
    "submit, others": {"bytes on the broker's disk": 500.0},
    "memory after the load, MB": {
        "sampler": 100.0,
        "findings": 100.0,
        "reporting": 100.0,
        "web": 100.0,
        "broker": 900.0,
    },
}
ONE = reckoned(FOUND, replay=20_000)


def test_the_page_is_what_its_figures_say():
    assert PAGE.read_text(encoding="utf-8") == written(), "make capacity PAGE=1 writes both"


def test_half_of_two_cores_review_twenty_cases_of_50_ms_a_second():
    assert ONE.cases_a_second == 20
    assert ONE.reviewers == 20 * 60 * 10
    assert ONE.cases_a_year == 20 * 3600 * 6 * 220


def test_ten_of_the_boards_controls_are_19450_cases_and_318000_rows_a_year():
    assert (ONE.cases_of_one, ONE.rows_of_one) == (19_450, 318_000)
    assert ONE.disk_of_one == (19_450 * 4_000 + 318_000 * 200) / 1e6
    assert ONE.cores_of_one == 4 * (19_450 * 50 + 318_000 * 0.05) / 1000 / (6 * 220 * 3600)


def test_every_municipality_is_290_times_one():
    assert ONE.memory_of_all == 290 * 0.4
    assert ONE.disk_of_all == 290 * 10 * ONE.disk_of_one / 1000
    assert ONE.machines == 6, "232 GB in two replicas, 48 GB a machine, and one away"


def test_ten_years_of_events_are_replayed_at_the_measured_rate():
    assert ONE.events_of_one == 583_500
    assert ONE.replay_minutes == 583_500 / 20_000 / 60
