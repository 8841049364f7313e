"""What happens to deliveries, without a database."""

from dataclasses import replace
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from stickprov_contracts.envelope import Envelope
from stickprov_kernel.inbox.planning import hang_together, plan
from stickprov_kernel.log.envelope import encode
from stickprov_kernel.log.hashing import GENESIS, chain_hash, leaf_hash
from stickprov_kernel.messaging.delivery import Delivery


@cache
def log(size: int, flavour: str = "") -> tuple[Delivery, ...]:
    """Entries 1..size of a log; another flavour is another history."""
    entries, chain = [], GENESIS
    for position in range(1, size + 1):
        envelope = Envelope(
            id=f"{flavour}{position}",
            source="/stickprov/findings",
            type="stickprov.findings.finding-recorded.v1",
            subject=f"s{position}",
            streamversion="1",
            time="2021-04-01T12:00:00.000000Z",
            actor="p1",
            correlationid="c",
        )
        canonical, data = encode(envelope), f'{{"n":{position}}}'.encode()
        chain = chain_hash(chain, leaf_hash(canonical, data))
        entries.append(Delivery(position, chain, envelope, canonical, data))
    return tuple(entries)


def at(position: int, size: int = 10) -> tuple[int, bytes]:
    """Position and chain hash of an inbox that applied that much."""
    return position, log(size)[position - 1].chain_hash if position else GENESIS


def known(position: int) -> dict[int, bytes]:
    return {entry.position: entry.chain_hash for entry in log(10)[:position]}


def test_the_next_entries_are_a_run():
    decided = plan(*at(0), log(3))

    assert [entry.position for entry in decided.run] == [1, 2, 3]
    assert (decided.missing_to, decided.contradicting, decided.duplicates) == (None, [], 0)


def test_entries_that_were_applied_are_skipped():
    decided = plan(*at(3), log(4), known(3))

    assert [entry.position for entry in decided.run] == [4]
    assert decided.duplicates == 3


def test_a_batch_in_any_order_is_one_run():
    one, two, three = log(3)

    decided = plan(*at(0), [three, one, two, one])

    assert decided.run == [one, two, three]
    assert decided.duplicates == 1


def test_a_hole_is_a_gap_and_what_lies_behind_waits():
    one, _, _, four, five, _ = log(6)

    decided = plan(*at(0), [five, one, four])

    assert decided.run == [one]
    assert decided.missing_to == 3
    assert decided.rest == [four, five]


def test_an_applied_position_with_another_hash_contradicts_and_stops_nothing_by_itself():
    other = log(3, "other")[1]

    decided = plan(*at(3), [other, log(10)[3]], known(3))

    assert decided.contradicting == [other]
    assert decided.run == [log(10)[3]]


def test_of_two_histories_in_one_batch_the_second_contradicts():
    one, other = log(1)[0], log(1, "other")[0]

    decided = plan(*at(0), [one, other])

    assert (decided.run, decided.contradicting) == ([one], [other])


def test_an_applied_position_of_which_nothing_is_known_contradicts():
    two = log(10)[1]

    assert plan(*at(3), [two]).contradicting == [two]


def test_changed_data_is_damage_and_is_read_from_the_feed():
    one, two, three = log(3)
    changed = replace(two, data=b'{"n":9}')

    decided = plan(*at(0), [one, changed, three])

    assert decided.run == [one]
    assert decided.damaged == [changed]
    assert decided.missing_to == 2
    assert decided.rest == [three]


def test_damage_at_the_end_of_a_batch_is_read_from_the_feed():
    one, two = log(2)
    changed = replace(two, chain_hash=bytes(32))

    decided = plan(*at(0), [one, changed])

    assert (decided.run, decided.damaged, decided.missing_to, decided.rest) == ([one], [changed], 2, ())


def test_a_sound_copy_beside_a_damaged_one_is_enough():
    one, two = log(2)
    changed = replace(one, data=b"{}")

    decided = plan(*at(0), [changed, one, two])

    assert (decided.run, decided.damaged, decided.missing_to) == ([one, two], [changed], None)


def test_a_sound_entry_of_another_history_does_not_fit_here():
    other = log(3, "other")[1]

    decided = plan(*at(1), [other], known(1))

    assert (decided.run, decided.damaged, decided.missing_to) == ([], [other], 2)


def test_nothing_delivered_is_nothing_to_do():
    decided = plan(*at(0), [])

    assert (decided.run, decided.missing_to, decided.contradicting) == ([], None, [])


def test_two_entries_that_continue_each_other_hang_together_and_no_others_do():
    one, two, three = log(3)

    assert hang_together([one, two])
    assert not hang_together([one])
    assert not hang_together([one, three])
    assert not hang_together([one, replace(two, data=b"{}")])


@given(st.lists(st.lists(st.integers(1, 30), max_size=12), max_size=20), st.integers(0, 30))
def test_whatever_is_dropped_doubled_and_reordered_the_runs_are_the_log(batches: list[list[int]], size: int):
    entries = log(30)[:size]
    applied: list[Delivery] = []

    def advance(arrived: list[Delivery]) -> None:
        chain = applied[-1].chain_hash if applied else GENESIS
        seen = {entry.position: entry.chain_hash for entry in applied}
        decided = plan(len(applied), chain, arrived, seen)
        assert not decided.contradicting
        applied.extend(decided.run)
        if decided.missing_to is not None:
            applied.extend(entries[len(applied) : decided.missing_to])
            advance(list(decided.rest))

    for batch in batches:
        advance([entries[position - 1] for position in batch if position <= size])

    assert tuple(applied) == entries[: len(applied)]
    assert len(applied) == max((position for batch in batches for position in batch if position <= size), default=0)
