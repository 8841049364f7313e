"""A control is concluded for a period in the terms of the standard form; what is replaced stays in the log."""

from uuid import uuid4

import pytest

from support.follow_ups import faults, read, tell
from support.reviews import POINT, point_defined

FORM = {
    "control_point": POINT,
    "period": "2021-Q1",
    "carried_out_from": "2021-04-01",
    "carried_out_to": "2021-04-20",
    "verdict": "partly-followed",
    "proposal": "reformulate",
    "carried_out_by": "Handläggare på enheten",
    "sampling_method": "Slumpmässigt urval bland föregående månads hushåll.",
    "result": "Insättningar på konto är den vanligaste anmärkningen.",
    "assessment": "Risk för felaktiga utbetalningar.",
    "proposed_actions": "Stöd för handläggare.",
    "process": "Rutinen finns sedan 2019.",
    "system": "Kontrollerna dokumenteras i verksamhetssystemet.",
    "wording": "Kontroll av att uppgifter om insättningar är korrekta.",
}
TEXTS = [name for name in FORM if name not in {"control_point", "period"} and not name.startswith("carried_out_")]


@pytest.fixture(autouse=True)
async def heard(service):
    await service.hear(point_defined())


async def test_the_form_is_read_as_it_was_filled_in(service):
    answer = await tell(service, "/v1/conclusions", FORM)

    (conclusion,) = await read(service, "/v1/conclusions", control_point=POINT)
    assert answer.status_code == 201
    assert answer.headers["ETag"] == '"1"'
    assert {name: conclusion[name] for name in TEXTS} == {name: FORM[name] for name in TEXTS}
    assert conclusion["period"] == {"start": "2021-01-01", "end": "2021-04-01", "label": "2021-Q1"}
    assert (conclusion["carried_out_from"], conclusion["carried_out_to"]) == ("2021-04-01", "2021-04-20")
    assert conclusion["actor"] == service.actor("coordinator")


async def test_a_second_one_for_the_period_needs_to_know_the_first(service):
    await tell(service, "/v1/conclusions", FORM)
    before = await service.stored()

    answer = await tell(service, "/v1/conclusions", FORM | {"verdict": "followed"})

    assert (answer.status_code, answer.json()["code"]) == (428, "already-concluded")
    assert answer.json()["current_version"] == 1
    assert await service.stored() == before


async def test_a_replaced_conclusion_says_why_and_the_first_stays_in_the_log(service):
    await tell(service, "/v1/conclusions", FORM)

    without = await tell(service, "/v1/conclusions", FORM | {"verdict": "followed"}, seen=1)
    answer = await tell(
        service, "/v1/conclusions", FORM | {"verdict": "followed", "reason": "Två ärenden räknades fel."}, seen=1
    )

    assert faults(without) == {"reason": "reason-missing"}
    assert answer.status_code == 201
    (conclusion,) = await read(service, "/v1/conclusions")
    assert (conclusion["verdict"], conclusion["version"]) == ("followed", 2)
    assert conclusion["reason"] == "Två ärenden räknades fel."
    assert (await service.stored())["event"] == 2


async def test_of_two_who_replace_the_same_conclusion_one_is_told(service):
    await tell(service, "/v1/conclusions", FORM)
    changed = FORM | {"reason": "Rättad."}

    first = await tell(service, "/v1/conclusions", changed, seen=1)
    second = await tell(service, "/v1/conclusions", changed | {"verdict": "not-followed"}, seen=1)

    assert (first.status_code, second.status_code) == (201, 412)
    assert second.json()["current_version"] == 2


async def test_a_retry_gets_the_first_answer(service):
    command = uuid4()

    first = await tell(service, "/v1/conclusions", FORM, command_id=command)
    again = await tell(service, "/v1/conclusions", FORM, command_id=command)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (await service.stored())["event"] == 1


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"carried_out_to": "2021-03-31"}, {"carried_out_to": "ends-before-it-begins"}),
        ({"carried_out_to": "2999-01-01"}, {"carried_out_to": "in-the-future"}),
        ({"wording": " "}, {"wording": "wording-missing"}),
        ({"proposal": "keep"}, {"wording": "wording-without-proposal"}),
        ({"reason": "Därför."}, {"reason": "reason-without-change"}),
        ({"period": "2021-Q5"}, {"period": "period-unclear"}),
    ],
)
async def test_a_form_that_contradicts_itself_is_refused_by_field(service, change, fault):
    answer = await tell(service, "/v1/conclusions", FORM | change)

    assert answer.status_code == 422
    assert faults(answer) == fault
    assert await service.stored() == {"event": 0, "command": 0, "note": 0}


async def test_a_control_point_that_nobody_has_heard_of_is_named(service):
    answer = await tell(service, "/v1/conclusions", FORM | {"control_point": "AMF-2021-99"})

    assert (answer.status_code, answer.json()["code"]) == (404, "control-point-unknown")
    assert "AMF-2021-99" in answer.json()["detail"]


async def test_what_was_typed_is_in_the_note_table_only_and_reads_as_nothing_once_it_is_erased(service):
    await tell(service, "/v1/conclusions", FORM)
    data = b"".join(row["data"] for row in await service.pool.fetch("SELECT data FROM event"))
    answers = b"".join(row["answer"] for row in await service.pool.fetch("SELECT answer FROM command"))

    await service.pool.execute("DELETE FROM note")

    assert "Slumpmässigt".encode() not in data + answers
    (conclusion,) = await read(service, "/v1/conclusions")
    assert (conclusion["sampling_method"], conclusion["verdict"]) == (None, "partly-followed")


@pytest.mark.parametrize(("who", "status"), [("reviewer-01", 403), ("board", 403), ("auditor", 403)])
async def test_only_a_coordinator_concludes(service, who, status):
    assert (await tell(service, "/v1/conclusions", FORM, who=who)).status_code == status
