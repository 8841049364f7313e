"""What chaos counts: a harness that could not find anything would find nothing."""

import inspect
from dataclasses import replace
from hashlib import sha256
from uuid import UUID, uuid4

import pytest

from chaos.copies import Log, Published, _compare_topic
from chaos.crashing import _STEPS
from chaos.memory import Case, Memory
from chaos.options import Options
from chaos.points import points_of
from chaos.projections import Projections, miscounted
from chaos.reckoning import Count, _histories, _projected

DRAW = UUID(int=1)
SOUND = Projections(
    stored="a" * 64,
    replayed="a" * 64,
    cells=3,
    miscounted=0,
    totals={"drawn": 2, "reviewed": 1, "remarks": 1},
    quarantined={("findings", "sampler"): 2, ("reporting", "sampler"): 2, ("reporting", "findings"): 2},
    halted=[],
)


@pytest.fixture
def memory() -> Memory:
    """Two cases, one of them reviewed with a remark, and two poison events in each log."""
    return Memory(
        cases=[Case(DRAW, "a", 1, reviewed=True, remark=True), Case(DRAW, "b")],
        poison={"sampler": 2, "findings": 2},
    )


def wrong(counts: list[Count]) -> list[str]:
    return [count.what for count in counts if count.holds is False]


def log() -> Log:
    entries = [(number, bytes([number]) * 32, b"envelope", bytes([number])) for number in (1, 2)]
    return Log("findings", entries, [], {("s", 1): uuid4()}, 0, [])


def published(number: int, data: bytes) -> Published:
    return Published("findings", number, bytes([number]) * 32, sha256(data).digest())


def test_a_topic_that_holds_what_the_log_holds_is_no_fork():
    one = log()

    _compare_topic(one, {published(1, b"\x01"), published(2, b"\x02"), replace(published(1, b"x"), source="sampler")})

    assert (one.forks, one.on_topic) == ([], 2)


@pytest.mark.parametrize(
    "other", [published(2, b"\x09"), published(3, b"\x02"), replace(published(2, b"\x02"), chain_hash=bytes(32))]
)
def test_any_other_record_on_a_topic_is_a_fork(other: Published):
    one = log()

    _compare_topic(one, {other})

    assert one.forks == [f"findings at {other.position}: the topic has another entry"]
    assert "forks (chain, copies, topic)" in wrong(_histories([one]))


@pytest.mark.parametrize(
    ("change", "what"),
    [({"unplaced": 1}, "events without a position"), ({"behind": 1}, "entries that a copy lacks")],
)
def test_what_a_log_or_a_copy_lacks_is_told(change: dict[str, int], what: str):
    assert wrong(_histories([replace(log(), **change)])) == [what]


def test_a_projection_that_is_what_everybody_counts_holds(memory: Memory):
    assert wrong(_projected(memory, SOUND)) == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"replayed": "b" * 64}, "digest of a clean replay"),
        ({"miscounted": 1}, "cells that the SQL recount has otherwise"),
        (
            {"totals": {"drawn": 2, "reviewed": 2, "remarks": 1}},
            "drawn, reviewed, remarks of KAOS-1, as the harness knows them",
        ),
        ({"quarantined": {}}, "quarantined, of as many poison events"),
        ({"halted": ["reporting does not apply findings"]}, "logs halted"),
    ],
)
def test_whatever_is_counted_otherwise_does_not_hold(memory: Memory, change: dict[str, object], what: str):
    assert wrong(_projected(memory, replace(SOUND, **change))) == [what]


def test_every_point_is_around_a_function_that_can_be_awaited():
    for owner, name, step in _STEPS:
        assert inspect.iscoroutinefunction(getattr(owner, name))
        assert any(f"before {step}" in points_of(service) for service in ("sampler", "findings", "reporting"))


@pytest.mark.parametrize("given", [{"KILLS": "many"}, {"SEED": "x"}, {"BROKER": "rabbit"}, {"KILLS": "0"}])
def test_options_that_make_no_sense_are_refused(given: dict[str, str]):
    with pytest.raises(SystemExit):
        Options.of(given)


def test_a_short_run_kills_less_and_a_seed_is_kept():
    assert Options.of({"SEED": "5", "SHORT": "1", "BROKER": "apache"}) == Options(seed=5, kills=15, broker="apache")
    assert Options.of({"KILLS": "3"}).kills == 3


def test_a_cell_is_miscounted_when_its_value_or_its_absence_says_otherwise():
    cells = {("drawn",): 2, ("remarks",): 0, ("reviewed",): 1}

    assert miscounted(cells, {("drawn",): 2, ("reviewed",): 1}) == 0
    assert miscounted(cells, {("drawn",): 3, ("reviewed",): 1}) == 1
    assert miscounted(cells, {("drawn",): 2}) == 1
    assert miscounted(cells, {("drawn",): 2, ("reviewed",): 1, ("waiting",): 1}) == 1
