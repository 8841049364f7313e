"""A control in which every text that people type or import names somebody who is planted."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx

from stickprov_client.api import Services
from stickprov_client.api.errors import ApiProblem
from stickprov_client.api.findings import ReviewKey
from stickprov_client.api.sampler import upload_of
from stickprov_contracts.events.sampler import Category
from stickprov_contracts.http.case_numbers import FindCases, FoundCase
from stickprov_contracts.http.erasure import PlaceHold
from stickprov_contracts.http.findings import CorrectFinding, MarkCase, QueueItem, RecordFinding, SaveDraft
from stickprov_contracts.http.follow_ups import ConcludeControl, ProposeAction
from stickprov_contracts.http.headers import COMMAND_ID
from stickprov_contracts.http.plans import ListedPerson, ListStaff
from stickprov_contracts.http.sampler import (
    CaseIdentity,
    DefineControlPoint,
    FrameOptions,
    MakeDraw,
    ShowIdentity,
)
from support.planted import PEOPLE, WORD, case_number, person, personal_number
from support.stack import LocalStack
from support.waiting import eventually

POINT: Final = "PLANTERAD-1"
START, END = date(2021, 1, 1), date(2021, 2, 1)
_COLUMNS: Final = "Ärende;Namn;Personnummer;Adress;Skydd;Handläggare"
_PROTECTED: Final = 3
_ERASED: Final = 4


@dataclass(frozen=True)
class Planted:
    """What was done.

    Attributes:
        items: the drawn cases. shown: who a reviewer was told that one of them is.
    """

    items: list[QueueItem]
    shown: CaseIdentity


def register(folder: Path) -> Path:
    """Write a register of the planted people, one of them with a protected identity."""
    rows = [
        f"{case_number(n)};{person(n)};{personal_number(n, '-+'[n % 2])};{WORD.capitalize()}gatan {n};"
        f"{'J' if n == _PROTECTED else 'N'};{'reviewer-01' if n % 2 else f'{WORD}.handl'}"
        for n in range(1, PEOPLE + 1)
    ]
    file = folder / f"{WORD}.csv"
    file.write_text("\n".join([_COLUMNS, *rows]) + "\n", encoding="utf-8")
    return file


async def plant(stack: LocalStack, folder: Path) -> Planted:
    """Play the control."""
    async with stack.services() as services:
        await _prepare(services, folder)
        reviewer = stack.signed_in_as(services, "reviewer-01")
        items = await _drawn(services)
        shown = await _show(reviewer, items)
        await _review(reviewer)
        await _hostile(stack, items[0])
        held = await _another_than_the_erased(services)
        await services.erasing.place_hold(PlaceHold(draw=held.draw, case=held.case, why=_about(3)))
        await services.erasing.erase_person(personal_number(_ERASED, ""))
    return Planted(items, shown)


async def _another_than_the_erased(services: Services) -> FoundCase:
    """Return a case to hold, by its number: which comes first in the queue is chance, and who is held is not erased."""
    numbers = [case_number(n) for n in range(1, PEOPLE + 1) if n != _ERASED]
    found = await services.sampler.find_cases(FindCases(control_point=POINT, why="coordination", unit_ids=numbers))
    return found.cases[0]


async def conclude(stack: LocalStack) -> None:
    """Write of somebody where the board reads it, in a conclusion and in an action; a report shows it, rightly."""
    async with stack.services() as services:
        await services.follow_ups.conclude(
            ConcludeControl(control_point=POINT, period="2021-01", verdict="followed", result=_about(2))
        )
        await services.follow_ups.propose_action(ProposeAction(control_point=POINT, description=_about(4)))


async def _prepare(services: Services, folder: Path) -> None:
    await services.plans.list_staff(
        ListStaff(
            staff=[
                ListedPerson(sign_in="reviewer-01", name=person(1), email=f"{WORD}.1@example.se", unit="Norr"),
                ListedPerson(sign_in=f"{WORD}.handl", name=person(2), email=f"{WORD}.2@example.se", unit="Söder"),
            ]
        )
    )
    await services.sampler.define(
        POINT,
        DefineControlPoint(
            number="1", year=2021, board="Socialnämnden", area="Norr", measure="Att uppgifterna stämmer",
            unit_name="ärende", reviewer_rule="anyone",
            categories=[Category(id="money", sv="Insättningar", en="Deposits")],
        ),
    )  # fmt: skip
    options = FrameOptions(
        frame_name="planterade",
        control_point=POINT,
        period="2021-01",
        extract_date=date(2021, 2, 1),
        unit_id_column="Ärende",
        identity_columns=["Namn", "Adress"],
        personal_number_column="Personnummer",
        protection_column="Skydd",
        handler_column="Handläggare",
    )
    frozen = await services.sampler.freeze(upload_of(register(folder), options))
    await services.sampler.make_draw(MakeDraw(frame=frozen.frame.frame, design="census"))


async def _drawn(services: Services) -> list[QueueItem]:
    items: list[QueueItem] = []

    async def heard() -> bool:
        items[:] = (await services.findings.queue(control_point=POINT, limit=50)).items
        return len(items) >= PEOPLE

    await eventually(heard, bound=60, what="the drawn cases in findings")
    return items


async def _show(reviewer: Services, items: list[QueueItem]) -> CaseIdentity:
    """Have every case shown that the reviewer may see, and found by its number."""
    shown = None
    request = ShowIdentity(control_point=POINT, why="review")
    for item in items:
        try:
            told = await reviewer.sampler.identity(item.draw, item.case, request)
        except ApiProblem:
            continue
        shown = told
    assert shown is not None
    numbers = [case_number(n) for n in range(1, PEOPLE + 1)]
    found = await reviewer.sampler.find_cases(FindCases(control_point=POINT, why="review", unit_ids=numbers))
    assert found.cases
    return shown


async def _review(reviewer: Services) -> None:
    """Fill in, record, correct and mark, each with a text about somebody."""
    mine = (await reviewer.findings.queue(control_point=POINT, limit=50)).items
    keys = [ReviewKey(item.draw, item.control_point, item.case) for item in mine]
    draft = SaveDraft(review_version=0, fields={"comment": [_about(1)], personal_number(1): [person(1)]})
    await reviewer.findings.save_draft(keys[0], draft, version=0)
    remark = RecordFinding(remark=True, categories=["money"], comment=_about(2))
    recorded = await reviewer.findings.record(keys[1], remark)
    corrected = CorrectFinding(remark=False, comment=_about(4), reason=_about(1))
    await reviewer.findings.correct(keys[1], corrected, version=recorded.version)
    await reviewer.findings.mark_non_response(keys[2], MarkCase(reason="other", comment=_about(2)))


async def _hostile(stack: LocalStack, item: QueueItem) -> None:
    """Write of people where nobody should: in addresses, headers, and bodies that are refused."""
    bearer = {"Authorization": f"Bearer {stack.token('reviewer-01')}", COMMAND_ID: str(uuid4())}
    wrong: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", f"/v1/queue?{WORD}={personal_number(1)}", {}),
        ("GET", f"/v1/reviews/{item.draw}/{person(2)}/{personal_number(2)}", {}),
        ("GET", f"/v1/frames/{case_number(2)}", {}),
        ("POST", f"/v1/reviews/{item.draw}/{POINT}/{item.case}/finding", {"json": {"remark": person(1)}}),
        ("POST", f"/v1/reviews/{item.draw}/{POINT}/{item.case}/finding", {"content": _about(1).encode()}),
        (
            "POST",
            "/v1/case-numbers",
            {"json": {"control_point": POINT, "why": person(1), "unit_ids": [case_number(1)]}},
        ),
        ("GET", "/v1/queue", {"headers": {"Authorization": f"Bearer {WORD}.{WORD}.{WORD}"}}),
        ("GET", f"/{WORD}/{personal_number(4)}", {"headers": {"traceparent": WORD, "X-Correlation-Id": WORD}}),
    ]
    async with httpx.AsyncClient() as client:
        addresses = (await client.get(f"{stack.url}/.well-known/stickprov")).json()
        for base in (addresses["sampler"], addresses["findings"], addresses["reporting"], stack.url):
            for method, path, what in wrong:
                sent = {"headers": bearer} | what
                answer = await client.request(method, f"{base}{path}", **sent)
                assert answer.status_code in range(300, 500), f"{method} {path}: {answer.status_code}"


def _about(number: int) -> str:
    who = f"{person(number)} ({personal_number(number)}, {WORD}.{number}@example.se)"
    return f"{who} har flyttat, se {case_number(number)}"
