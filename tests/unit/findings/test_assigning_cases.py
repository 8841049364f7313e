"""Cases are given by rule, evenly, never their own to a colleague, and never more than somebody has room for."""

import random
from collections import Counter
from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from stickprov_findings.domain.assignment.assigning import How, assign, for_second_review
from stickprov_findings.domain.assignment.rules import Case, Member, Staff, rule_for

NORTH = [Member("anna", "Nord"), Member("bo", "Nord"), Member("cia", "Nord")]
SOUTH = [Member("dan", "Syd", frozenset({"granskare"})), Member("eva", "Syd", frozenset({"granskare"}))]
STAFF = Staff([*NORTH, *SOUTH])


def cases(*handlers: str | None, unit: str = "") -> list[Case]:
    return [Case(f"{place:03}", handler, unit) for place, handler in enumerate(handlers, start=1)]


def loads(given: dict[str, str]) -> Counter[str]:
    return Counter(given.values())


def test_the_handler_is_given_their_own_cases():
    outcome = assign(cases("anna", "dan", None, "zoe"), STAFF, {}, How("handler"))
    assert outcome.given == {"001": "anna", "002": "dan"}
    assert outcome.unassigned == {"003": "no-handler", "004": "handler-not-listed"}


def test_a_colleague_is_of_the_same_unit_and_not_the_handler():
    outcome = assign(cases("anna", "dan"), STAFF, {}, How("colleague"))
    assert outcome.given["001"] in {"bo", "cia"}
    assert outcome.given["002"] == "eva"


def test_a_handler_who_is_alone_in_a_unit_has_no_colleague():
    alone = Staff([Member("anna", "Nord"), Member("bo", "Syd"), Member("cia", "")])
    outcome = assign([*cases("anna"), Case("002", "cia")], alone, {}, How("colleague"))
    assert outcome.unassigned == {"001": "no-colleague", "002": "no-colleague"}


def test_the_registers_unit_tells_the_colleagues_of_a_handler_who_is_not_listed():
    outcome = assign([Case("001", "zoe", "Syd"), Case("002", "zoe")], STAFF, {}, How("colleague"))
    assert outcome.given["001"] in {"dan", "eva"}
    assert outcome.unassigned == {"002": "handler-not-listed"}


def test_a_case_without_a_handler_might_be_any_colleagues_own():
    outcome = assign([Case("001", None, "Nord")], STAFF, {}, How("colleague"))
    assert outcome.unassigned == {"001": "no-handler"}


def test_a_group_shares_its_cases():
    outcome = assign(cases("anna", "anna", "bo", None), STAFF, {}, How("group", "granskare"))
    assert loads(outcome.given) == {"dan": 2, "eva": 2}


def test_a_group_that_nobody_belongs_to_is_given_nothing():
    outcome = assign(cases("anna"), STAFF, {}, How("group", "controllers"))
    assert outcome.unassigned == {"001": "no-reviewer"}


def test_who_has_much_waiting_is_given_less():
    outcome = assign(cases(*[None] * 6), Staff(NORTH), {"anna": 4, "bo": 1}, How("round_robin"))
    assert loads(outcome.given) == {"bo": 2, "cia": 4} or loads(outcome.given) == {"bo": 3, "cia": 3}


def test_nobody_is_given_more_than_there_is_room_for():
    outcome = assign(cases(*[None] * 9), Staff(NORTH), {"anna": 3}, How("round_robin", capacity=3))
    assert loads(outcome.given) == {"bo": 3, "cia": 3}
    assert set(outcome.unassigned.values()) == {"capacity"}
    assert len(outcome.unassigned) == 3


def test_a_case_is_handed_over_so_that_another_finds_room():
    # Anna's cases and Bo's could all go to Cia; she has room for one only, so the two others swap.
    outcome = assign(cases("anna", "bo", "anna"), Staff(NORTH), {}, How("colleague", capacity=1))
    assert loads(outcome.given) == {"anna": 1, "bo": 1, "cia": 1}
    assert outcome.given["002"] == "anna"


def test_a_second_review_never_goes_to_who_has_reviewed_the_case():
    seen = [Case("001", "anna", barred=frozenset({"bo"}))]
    assert assign(seen, STAFF, {}, How("colleague")).given == {"001": "cia"}
    both = [Case("001", "anna", barred=frozenset({"bo", "cia"}))]
    assert assign(both, STAFF, {}, How("colleague")).unassigned == {"001": "no-colleague"}


def test_the_points_rule_gives_its_cases_and_a_second_review_leaves_the_handler_out():
    assert rule_for("review", "handler") == "handler"
    assert rule_for("file-review", "handler") == "handler"
    assert rule_for("second-review", "handler") == "colleague"
    assert rule_for("second-review", "group") == "group"
    assert rule_for("review", None) == rule_for("review", "anyone") == "round_robin"


def test_a_share_of_the_reviewed_cases_is_rounded_up():
    chance = random.Random(1)
    reviewed = [f"{place:03}" for place in range(21)]
    chosen = for_second_review(reviewed, 0, Decimal("0.10"), chance.sample)
    assert len(chosen) == 3
    assert chosen <= set(reviewed)
    left = sorted(set(reviewed) - chosen)
    assert for_second_review(left, 3, Decimal("0.10"), chance.sample) == frozenset()
    assert (
        len(for_second_review([*left, *(f"{place:03}" for place in range(21, 31))], 3, Decimal("0.10"), chance.sample))
        == 1
    )


def test_at_least_one_case_is_chosen_where_there_is_one():
    assert for_second_review(["001"], 0, Decimal("0.01"), random.Random(1).sample) == {"001"}
    assert for_second_review([], 0, Decimal("0.01"), random.Random(1).sample) == frozenset()


PEOPLE = ["anna", "bo", "cia", "dan"]
UNITS = st.fixed_dictionaries({name: st.sampled_from(["Nord", "Syd"]) for name in PEOPLE})
HANDLERS = st.lists(st.sampled_from([*PEOPLE, None]), max_size=6)
WAITING = st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 4))
CAPACITIES = st.none() | st.integers(1, 4)


def cheapest(takers: list[list[str]], waiting: dict[str, int], capacity: int | None) -> tuple[int, int]:
    """Return how many stay behind at best, and the smallest sum of squared loads then, by trying everything."""
    best = (len(takers), 0)
    tried = product(*[[*them, None] for them in takers])
    for choice in tried:
        given = Counter(one for one in choice if one is not None)
        total = {name: waiting.get(name, 0) + given[name] for name in PEOPLE}
        if capacity is not None and any(given[name] and total[name] > capacity for name in PEOPLE):
            continue
        outcome = (choice.count(None), sum(load * load for load in total.values()))
        best = min(best, outcome) if best != (len(takers), 0) else outcome
    return best


@given(
    units=UNITS,
    handlers=HANDLERS,
    waiting=WAITING,
    capacity=CAPACITIES,
    rule=st.sampled_from(["colleague", "round_robin"]),
)
@settings(max_examples=150, deadline=None)
def test_loads_are_as_even_as_the_rule_and_capacity_allow(units, handlers, waiting, capacity, rule):
    staff = Staff(Member(name, unit) for name, unit in units.items())

    outcome = assign(cases(*handlers), staff, waiting, How(rule, capacity=capacity))

    drawn = {case.case: case for case in cases(*handlers)}
    for case, reviewer in outcome.given.items():
        handler = drawn[case].handler
        assert rule != "colleague" or (reviewer != handler and units[reviewer] == units[handler])
    given = loads(outcome.given)
    total = {name: waiting.get(name, 0) + given[name] for name in PEOPLE}
    assert capacity is None or all(total[name] <= capacity for name in given)
    possible = {
        case: [
            name
            for name in PEOPLE
            if rule == "round_robin" or (name != one.handler and units[name] == units[one.handler])
        ]
        for case, one in drawn.items()
        if rule == "round_robin" or one.handler is not None
    }
    possible = {case: names for case, names in possible.items() if names}
    behind = sum(case in possible for case in outcome.unassigned)
    assert (behind, sum(load * load for load in total.values())) == cheapest(list(possible.values()), waiting, capacity)
    assert outcome.given.keys() | outcome.unassigned.keys() == drawn.keys()


@given(handlers=st.lists(st.sampled_from(PEOPLE), max_size=30), order=st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_same_cases_in_another_order_are_given_to_the_same_reviewers(handlers, order):
    staff = Staff(Member(name, "Nord") for name in PEOPLE)
    drawn = cases(*handlers)
    shuffled = order.sample(drawn, len(drawn))
    first = assign(drawn, staff, {}, How("colleague"))
    assert assign(shuffled, staff, {}, How("colleague")).given == first.given
    if handlers and max(Counter(handlers).values()) * 2 <= len(handlers):
        even = loads(first.given)
        assert max(even[name] for name in PEOPLE) - min(even[name] for name in PEOPLE) <= 1
