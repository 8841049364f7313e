"""Actions are proposed, changed and followed up; the follow-ups of the 2013 document are expressible as they stand."""

import asyncio
from uuid import uuid4

import pytest

from stickprov_contracts.events.plans import StaffListed, StaffMember
from support.follow_ups import faults, read, tell
from support.reviews import POINT, point_defined

ACTION = {
    "control_point": POINT,
    "number": "1",
    "description": "Närmaste arbetsledare följer upp att det finns aktuella arbetsplaner.",
    "responsible": "Enhetschef",
    "due": "2014-06-30",
    "status": "decided",
}


@pytest.fixture(autouse=True)
async def heard(service):
    await service.hear(point_defined())


async def propose(service, **changes) -> str:
    answer = await tell(service, "/v1/actions", ACTION | changes)
    assert answer.status_code == 201, answer.text
    return answer.json()["action"]


async def test_an_action_is_shown_as_it_was_proposed(service):
    action = await propose(service)

    shown = await read(service, f"/v1/actions/{action}")

    assert {name: shown[name] for name in ACTION} == ACTION
    assert (shown["version"], shown["overdue"], shown["follow_ups"]) == (1, True, [])


async def test_follow_ups_are_kept_one_after_another_and_the_newest_settles_the_status(service):
    action = await propose(service)
    found = "Granskningen visar att de flesta ärenden har en aktuell arbetsplan."

    for period, status, effect in (("2014-T1", "under-way", None), ("2014-T3", "done", "yes")):
        body = {"period": period, "status": status, "effect": effect, "finding": found}
        assert (await tell(service, f"/v1/actions/{action}/follow-ups", body)).status_code == 201

    shown = await read(service, f"/v1/actions/{action}")
    assert [(one["period"]["label"], one["status"], one["effect"]) for one in shown["follow_ups"]] == [
        ("2014-T1", "under-way", None),
        ("2014-T3", "done", "yes"),
    ]
    assert {one["finding"] for one in shown["follow_ups"]} == {found}
    assert (shown["status"], shown["overdue"], shown["version"]) == ("done", False, 3)
    assert [one["what"] for one in shown["history"]] == ["proposed", "followed-up", "followed-up"]


async def test_a_change_needs_the_version_that_was_seen(service):
    action = await propose(service)
    later = ACTION | {"due": "2014-12-31", "reason": "Systemet blev försenat."}

    blind = await tell(service, f"/v1/actions/{action}", later, method="PUT")
    stale = await tell(service, f"/v1/actions/{action}", later, method="PUT", seen=4)
    right = await tell(service, f"/v1/actions/{action}", later, method="PUT", seen=1)

    assert (blind.status_code, stale.status_code, right.status_code) == (428, 412, 201)
    shown = await read(service, f"/v1/actions/{action}")
    assert (shown["due"], shown["version"]) == ("2014-12-31", 2)
    assert [(one["due"], one["reason"]) for one in shown["history"]] == [
        ("2014-06-30", None),
        ("2014-12-31", "Systemet blev försenat."),
    ]


async def test_what_changes_nothing_is_no_event(service):
    action = await propose(service)

    answer = await tell(service, f"/v1/actions/{action}", ACTION, method="PUT", seen=1)

    assert (answer.status_code, answer.json()["code"]) == (409, "nothing-new")
    assert (await service.stored())["event"] == 1


async def test_the_list_can_be_cut_to_what_is_open_or_late(service):
    late = await propose(service)
    done = await propose(service, status="done", number="2")
    coming = await propose(service, due="2999-12-31", number="3")

    def ids(actions):
        return [one["action"] for one in actions]

    assert ids(await read(service, "/v1/actions")) == [late, done, coming]
    assert ids(await read(service, "/v1/actions", open_only=True)) == [late, coming]
    assert ids(await read(service, "/v1/actions", overdue=True)) == [late]
    assert ids(await read(service, "/v1/actions", control_point="AMF-2021-4")) == []


async def test_an_owner_is_somebody_of_the_staff_list(service):
    listed = service.actor("reviewer-01")
    await service.hear(StaffListed(staff=[StaffMember(pseudonym=listed, unit="Mottagning")]))

    action = await propose(service, owner=listed)
    unknown = await tell(service, "/v1/actions", ACTION | {"owner": "p000000000000000000000000"})

    assert (await read(service, f"/v1/actions/{action}"))["owner"] == listed
    assert faults(unknown) == {"owner": "owner-not-listed"}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"control_point": None}, {"control_point": "belongs-nowhere"}),
        ({"description": " "}, {"description": "description-missing"}),
    ],
)
async def test_an_action_without_a_home_or_a_text_is_refused(service, change, fault):
    answer = await tell(service, "/v1/actions", ACTION | change)

    assert faults(answer) == fault
    assert await service.stored() == {"event": 0, "command": 0, "note": 0}


async def test_an_unknown_action_is_not_found(service):
    assert (await service.get(f"/v1/actions/{uuid4()}", who="board")).status_code == 404
    answer = await tell(service, f"/v1/actions/{uuid4()}/follow-ups", {"period": "2014-T1", "status": "done"})
    assert (answer.status_code, answer.json()["code"]) == (404, "action-unknown")


async def test_follow_ups_at_the_same_moment_are_all_kept(service):
    action = await propose(service)
    body = {"period": "2014-T1", "status": "under-way"}

    answers = await asyncio.gather(
        *(tell(service, f"/v1/actions/{action}/follow-ups", body | {"finding": str(number)}) for number in range(4))
    )

    assert {answer.status_code for answer in answers} == {201}
    shown = await read(service, f"/v1/actions/{action}")
    assert sorted(one["finding"] for one in shown["follow_ups"]) == ["0", "1", "2", "3"]
