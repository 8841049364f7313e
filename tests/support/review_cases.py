"""Drawn cases to review in a browser: a control point of a test's own, with its questionnaire, frame and draw."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar
from uuid import uuid4

from stickprov_client.api import Services, discover, open_services
from stickprov_client.api.findings import ReviewKey
from stickprov_client.api.sampler import upload_of
from stickprov_client.documents.questionnaire_file import questionnaire_in
from stickprov_client.documents.yaml_document import read_document
from stickprov_contracts.http.findings import AssignCases, Purpose, QueueItem, RecordFinding
from stickprov_contracts.http.plans import ListedPerson, ListStaff
from stickprov_contracts.http.sampler import Category, DefineControlPoint, FrameOptions, MakeDraw
from support.waiting import eventually

QUESTIONNAIRES: Final = Path(__file__).parents[1] / "seeds" / "questionnaires"
EVERY_TYPE: Final = QUESTIONNAIRES.parent / "review" / "alla-slag.yaml"
"""A questionnaire with every type of question, a condition, a computed answer and remark rules."""
CHILDREN: Final = QUESTIONNAIRES / "003-barnrattsperspektiv.yaml"
FILE_REVIEW: Final = QUESTIONNAIRES / "003-aktgranskning.yaml"
CATEGORIES: Final = [
    Category(id="plan", sv="Planen saknas eller är för gammal", en="The plan is missing or too old"),
    Category(id="money", sv="Insättningar på konto", en="Deposits on account"),
]

Result = TypeVar("Result")


@dataclass(frozen=True)
class Cases:
    """Cases of one control point, waiting for one reviewer.

    Attributes:
        control_point: its id. reviewer: account whose the cases are. items: as the queue has them, in its order.
    """

    control_point: str
    reviewer: str
    items: list[QueueItem]

    def key(self, place: int = 0, purpose: Purpose = "review") -> ReviewKey:
        item = self.items[place]
        return ReviewKey(item.draw, item.control_point, item.case, purpose)

    def path(self, place: int = 0, purpose: Purpose = "review") -> str:
        """Address of the page of one of the cases."""
        key = self.key(place, purpose)
        return f"/{purpose}/{key.draw}/{key.control_point}/{key.case}"


@dataclass(frozen=True)
class CaseMaker:
    """Makes cases on a running stack.

    Attributes:
        url: the stack's address. token: gives the token of an account.
    """

    url: str
    token: Callable[[str], str]

    def make(
        self,
        questionnaire: Path | None = EVERY_TYPE,
        *,
        count: int = 3,
        reviewer: str = "reviewer-07",
        children: int = 0,
        measure: str = "Kontroll av att beslut, planer och underlag stämmer överens",
        number: str = "1",
        rule: str | None = "handler",
        file_review: Path | None = None,
        tolerance: Decimal | None = None,
    ) -> Cases:
        """Draw all of ``count`` cases whose handler is the reviewer.

        Args:
            number: of the control point. rule: who may review them.
            file_review: questions about those of them that turn out to have a remark.
            tolerance: the acceptable share of remarks.
        """

        async def made() -> Cases:
            async with open_services(await discover(self.url), lambda: self.token("coordinator")) as services:
                theirs = services.signed_in_with(lambda: self.token(reviewer))
                asked = {
                    "questionnaire": await _published(services, questionnaire),
                    "file_review_questionnaire": await _published(services, file_review),
                    "subunit_name": "barn" if children else None,
                }
                point = f"PROV-{uuid4().hex[:8]}"
                definition = DefineControlPoint(
                    year=2021, board="Socialnämnden", number=number, area="Norr", measure=measure, unit_name="ärende",
                    reviewer_rule=rule, categories=CATEGORIES, tolerance=tolerance, **asked,
                )  # fmt: skip
                await services.sampler.define(point, definition)
                return await _drawn(services, theirs, point, count, reviewer, children)

        return run_apart(made())

    def list_staff(self) -> None:
        """List the reviewers: in two units, ``reviewer-11`` alone in the group ``andra``."""
        people = [
            ListedPerson(
                sign_in=f"reviewer-{number:02}",
                name=f"Granskare {number}",
                unit="Norr" if number < 9 else "Söder",
                groups=["andra"] if number == 11 else [],
            )
            for number in range(1, 13)
        ]

        async def heard(services: Services) -> None:
            await services.plans.list_staff(ListStaff(staff=people))

            async def listed() -> bool:
                return len(await services.findings.reviewers()) == len(people)

            await eventually(listed, what="the staff list in findings")

        self.do("coordinator", heard)

    def review_twice(self, cases: Cases, first: RecordFinding, second: RecordFinding) -> None:
        """Have each case reviewed by its reviewer, and once more by ``reviewer-11``; the staff must be listed."""

        async def reviewed(services: Services, purpose: Purpose, finding: RecordFinding) -> None:
            for place in range(len(cases.items)):
                await services.findings.record(cases.key(place, purpose), finding)

        asked = AssignCases(
            draw=cases.items[0].draw, control_point=cases.control_point, purpose="second-review", rule="group",
            group="andra", share=Decimal(1),
        )  # fmt: skip
        self.do(cases.reviewer, lambda services: reviewed(services, "review", first))
        self.do("coordinator", lambda services: services.findings.assign(asked))
        self.do("reviewer-11", lambda services: reviewed(services, "second-review", second))

    def do(self, account: str, work: Callable[[Services], Awaitable[Result]]) -> Result:
        """Do something through the API as somebody."""

        async def done() -> Result:
            async with open_services(await discover(self.url), lambda: self.token(account)) as services:
                return await work(services)

        return run_apart(done())


def run_apart(work: Coroutine[Any, Any, Result]) -> Result:
    """Wait for a coroutine in a thread of its own: the browser's driver has a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _published(services: Services, questionnaire: Path | None) -> str | None:
    if questionnaire is None:
        return None
    read = questionnaire_in(read_document(questionnaire))
    await services.plans.publish(read.questionnaire, read.content)
    return read.questionnaire


async def _drawn(services: Services, reviewer: Services, point: str, count: int, account: str, children: int) -> Cases:
    """Draw the whole of a register, and return its cases when findings has heard of them."""
    frame = await services.sampler.freeze(upload_of(_register(count, account, children), _options(point, children)))
    await services.sampler.make_draw(MakeDraw(frame=frame.frame.frame, design="census"))

    items: list[QueueItem] = []

    async def heard() -> bool:
        items[:] = (await reviewer.findings.queue(control_point=point)).items
        return len(items) >= count

    await eventually(heard, what="the drawn cases in findings")
    return Cases(point, account, items)


@dataclass(frozen=True)
class _Register:
    """A register file that lies nowhere."""

    content: bytes
    name: str = "register.csv"

    @property
    def size(self) -> int:
        return len(self.content)

    def open(self) -> BinaryIO:
        return BytesIO(self.content)


def _register(count: int, handler: str, children: int) -> _Register:
    rows = [
        f"2021-{number:04};Påhittad Person {number};{handler};"
        + ",".join(f"B{number}-{child}" for child in range(1, children + 1))
        for number in range(1, count + 1)
    ]
    text = "Ärendenummer;Sökande;Handläggare;Barn\n" + "".join(f"{row}\n" for row in rows)
    return _Register(text.encode())


def _options(point: str, children: int) -> FrameOptions:
    return FrameOptions(
        frame_name=f"{point} 2021-03",
        control_point=point,
        period="2021-03",
        unit_id_column="Ärendenummer",
        handler_column="Handläggare",
        subunit_ids_column="Barn" if children else None,
        identity_columns=["Sökande"],
    )
