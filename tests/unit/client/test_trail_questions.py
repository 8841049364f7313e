"""What an address asks of the trail: every condition as it is meant, and what cannot be used is said."""

from datetime import date
from types import SimpleNamespace
from typing import cast
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from stickprov_client.api import Services
from stickprov_client.api.reporting import TrailFilter
from stickprov_client.web.auditing.asked import Asked, asked_in, trail_of, with_case_meant
from stickprov_client.web.forms import Fault

DRAW = "0192aa00-0000-7000-8000-000000000001"


def query(address: str) -> dict[str, str]:
    return {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}


def test_an_address_without_conditions_asks_for_everything_newest_first():
    asked = asked_in({"control_point": "", "case": "  "}, "sv")

    assert (asked.wanted, asked.newest, asked.faults) == (TrailFilter(), True, ())


def test_every_condition_reaches_the_service():
    told = {
        "control_point": "AMF-2021-3",
        "case": "9f86d081",
        "plan": "AMF-2021",
        "actor": "p0123",
        "draw": DRAW,
        "type": "finding-recorded",
        "source": "findings",
        "from": "2021-01-01",
        "to": "2021-02-01",
        "period": "2021-Q1",
        "order": "oldest",
    }

    asked = asked_in(told, "sv")

    assert asked.wanted == TrailFilter(
        control_point="AMF-2021-3",
        case="9f86d081",
        plan="AMF-2021",
        actor="p0123",
        draw=UUID(DRAW),
        types=("finding-recorded",),
        source="findings",
        start=date(2021, 1, 1),
        end=date(2021, 2, 1),
        period="2021-Q1",
    )
    assert not asked.newest


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("draw", "no-id", "”no-id” är inte ett urvals id"),
        ("from", "yesterday", "”yesterday” är ingen dag"),
        ("to", "2021-02-30", "”2021-02-30” är ingen dag"),
        ("period", "2021-Q5", "”2021-Q5” har kvartal 5, och ett år har 4."),
    ],
)
def test_what_cannot_be_used_is_said_of_its_field(name, value, told):
    asked = asked_in({name: value, "case": "9f86d081"}, "sv")

    [fault] = asked.faults
    assert fault.field == name
    assert fault.message.startswith(told)


@pytest.mark.parametrize("end", ["2021-01-31", "2021-02-01"])
def test_days_that_end_before_they_begin_are_refused(end):
    [fault] = asked_in({"from": "2021-02-01", "to": end}, "en").faults

    assert fault == Fault("to", f"“{end}” is the day after the last, so it must be later than the first.")


class Drawn:
    """Has one drawn case, number 17 of January; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[TrailFilter] = []

    async def trail(self, wanted: TrailFilter, **_how: object) -> SimpleNamespace:
        self.asked.append(wanted)
        entry = SimpleNamespace(data={"order": 17}, draw=UUID(DRAW), case="9f86d081" * 8)
        return SimpleNamespace(entries=[entry], next=None)


async def meant(told: dict[str, str], reporting: object = None) -> Asked:
    services = SimpleNamespace(reporting=reporting or Drawn())
    return await with_case_meant(asked_in(told, "sv"), cast("Services", services), "sv")


@pytest.mark.parametrize(
    "told",
    [
        {"case": "AMF-2021-3/2021-01/17"},
        {"case": "17", "control_point": "AMF-2021-3", "period": "2021-01"},
    ],
)
async def test_a_case_is_meant_by_its_number_as_the_command_takes_it(told):
    asked = await meant(told)

    assert asked.faults == ()
    assert (asked.wanted.control_point, asked.wanted.draw) == ("AMF-2021-3", UUID(DRAW))
    assert asked.wanted.case == "9f86d081" * 8
    assert asked.typed["case"] == told["case"]


async def test_a_case_is_meant_by_control_point_and_pseudonym():
    asked = await meant({"case": "AMF-2021-4/ff65c38e"})

    assert asked.wanted == TrailFilter(control_point="AMF-2021-4", case="ff65c38e")


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("12", "”12” är inget ärende; skriv det som AMF-2021-3/2021-01/17 eller AMF-2021-3/0f3a5b7c."),
        ("AMF-2021-3/2021-01/9", "Inget ärende har nummer 9"),
    ],
)
async def test_what_names_no_case_is_said_of_its_field_with_what_is_taken(case, told):
    [fault] = (await meant({"case": case})).faults

    assert fault.field == "case"
    assert fault.message.startswith(told)


async def test_nothing_is_looked_for_where_another_condition_cannot_be_used():
    drawn = Drawn()

    asked = await meant({"case": "AMF-2021-3/2021-01/17", "period": "2021-Q5"}, drawn)

    assert [fault.field for fault in asked.faults] == ["period"]
    assert drawn.asked == []


@pytest.mark.parametrize(("name", "value"), [("type", "finding-painted"), ("source", "reporting")])
def test_a_choice_that_nobody_offered_is_said_of_its_field(name, value):
    [fault] = asked_in({name: value}, "sv").faults

    assert fault == Fault(name, f"”{value}” finns inte att välja på.")


def test_a_condition_is_taken_away_or_added_and_the_others_stay():
    asked = asked_in({"case": "9f86d081", "type": "finding-recorded", "order": "oldest"}, "en")

    assert query(asked.address(without="type")) == {"case": "9f86d081", "order": "oldest"}
    assert query(asked.address(after="7")) == {
        "case": "9f86d081",
        "type": "finding-recorded",
        "order": "oldest",
        "after": "7",
    }


def test_a_file_is_asked_for_with_the_same_conditions():
    asked = asked_in({"case": "9f86d081"}, "en")

    assert asked.address("/audit/trail.csv") == "/audit/trail.csv?case=9f86d081"


def test_a_link_to_events_that_belong_together_begins_with_the_first():
    assert query(trail_of(draw=DRAW)) == {"draw": DRAW, "order": "oldest"}
