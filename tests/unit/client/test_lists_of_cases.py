"""Drawn cases by reviewer: whose each is, and in which order reviewers stand."""

from uuid import UUID

import pytest

from stickprov_client.language.assigning import whose_case
from stickprov_client.web.overseeing.cases_page import groups_of
from stickprov_contracts.http.findings import QueueItem

NAMES = {"p1": "Östen", "p2": "Anna"}


def case(name: str, *, handler: str | None = None, reviewer: str | None = None, point: str = "own") -> QueueItem:
    return QueueItem(
        draw=UUID(int=1), control_point=point, case=name, month="2021-03", stratum="", order=1, handler=handler,
        reviewer=reviewer, status="waiting", version=0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "given_to", "whose"),
    [
        ("handler", None, "p1"),
        (None, None, "p1"),
        ("colleague", None, ""),
        ("handler", "p2", "p2"),
        ("round_robin", "p2", "p2"),
    ],
)
def test_a_case_is_whose_it_was_given_to_else_its_handlers_under_their_own_rule(rule, given_to, whose):
    assert whose_case(case("c", handler="p1", reviewer=given_to), rule) == whose


def test_reviewers_stand_by_name_and_what_is_nobodys_comes_last():
    items = [
        case("a", handler="p1", point="shared"),
        case("b", handler="p1"),
        case("c", reviewer="p2", point="shared"),
        case("d", handler="p1"),
    ]

    groups = groups_of(items, {"own": "handler", "shared": "round_robin"}, NAMES)

    assert [(whose, [item.case for item, _ in found]) for whose, found in groups] == [
        ("p2", ["c"]),
        ("p1", ["b", "d"]),
        ("", ["a"]),
    ]
