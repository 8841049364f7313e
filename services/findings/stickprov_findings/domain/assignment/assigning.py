"""Giving cases to reviewers. Pure: the same cases, staff and loads give the same assignments.

What must not break: no reviewer gets more than their capacity; every case that is not given says why.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from stickprov_findings.domain.assignment.balancing import balanced
from stickprov_findings.domain.assignment.rules import Case, Rule, Staff, Why, candidates

Sample = Callable[[Sequence[str], int], Iterable[str]]
"""Chooses so many of some cases at random, each set of them with the same chance; cryptographic outside of tests."""


@dataclass(frozen=True, slots=True)
class How:
    """How cases are given.

    Attributes:
        group: whose turn it is under ``group``.
        capacity: the most cases that a reviewer is to have waiting in all; None for no bound.
    """

    rule: Rule
    group: str | None = None
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Assignments:
    """What came of it: a reviewer by case, and why by case where there is none."""

    given: Mapping[str, str]
    unassigned: Mapping[str, Why]


def assign(cases: Iterable[Case], staff: Staff, waiting: Mapping[str, int], how: How) -> Assignments:
    """Give cases to reviewers, as evenly as the rule allows.

    Args:
        cases: those that nobody has been given.
        staff: the list that holds.
        waiting: how many cases each reviewer has waiting already, for whatever control point.
        how: rule, group and capacity.
    """
    takers: dict[str, frozenset[str]] = {}
    unassigned: dict[str, Why] = {}
    for case in cases:
        found = candidates(case, how.rule, how.group, staff)
        if isinstance(found, str):
            unassigned[case.case] = found
        else:
            takers[case.case] = found
    given = balanced(takers, waiting, how.capacity)
    unassigned |= {case: "capacity" for case in takers if case not in given}
    return Assignments(given, unassigned)


def for_second_review(waiting: Sequence[str], chosen_before: int, share: Decimal, sample: Sample) -> frozenset[str]:
    """Choose reviewed cases for a second review, until so large a share of them all has one, rounded up.

    Args:
        waiting: reviewed cases that have not been chosen.
        chosen_before: how many have.
        share: above 0, at most 1.
        sample: the source of chance.
    """
    reviewed = len(waiting) + chosen_before
    wanted = int((share * reviewed).to_integral_value(ROUND_CEILING)) - chosen_before
    return frozenset(sample(sorted(waiting), wanted)) if wanted > 0 else frozenset()
