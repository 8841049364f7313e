"""What the demonstration leaves to look at: a plan, a questionnaire, a staff list, cases that wait, an action.

What must not break: the figures of the control that is played are not touched by it; nobody in here exists; doing it
again changes nothing, also when somebody has worked on since.
"""

from datetime import date
from pathlib import Path
from typing import Final

from stickprov_client.api import Services
from stickprov_client.api.sampler import upload_of
from stickprov_client.demo.play import As, until
from stickprov_client.demo.story import CONTROL_POINT, DEFINITION, command_id
from stickprov_contracts.events.sampler import Category
from stickprov_contracts.http.findings import AssignCases
from stickprov_contracts.http.follow_ups import ProposeAction
from stickprov_contracts.http.plans import AdoptPlan, ListedPerson, ListStaff, PlannedPoint, PlannedRisk
from stickprov_contracts.http.sampler import Draw, FrameOptions, MakeDraw, PointFields
from stickprov_contracts.questionnaires import Questionnaire

PLAN: Final = "SN-2021"
POINT: Final = "AMF-2021-4"
WAITING: Final = 36
_ROWS: Final = 120
_PERIOD: Final = "2021-04"
_ORDINALS: Final = ("Ett", "Två", "Tre", "Fyra", "Fem", "Sex", "Sju", "Åtta", "Nio", "Tio", "Elva", "Tolv")
_UNITS: Final = ("Norr", "Syd")
_HANDLERS: Final = 4
"""The first of the staff handle the cases of the register; every other one of them in each unit."""

STAFF: Final = ListStaff(
    staff=[
        ListedPerson(sign_in=f"reviewer-{number:02}", name=f"Handläggare {word}", unit=_UNITS[number % len(_UNITS)])
        for number, word in enumerate(_ORDINALS, start=1)
    ]
    + [ListedPerson(sign_in="protected-reviewer", name="Handläggare Behörig", unit="Norr", clearance="protected")]
)

ASKED: Final = Questionnaire.model_validate(
    {
        "sv": "Handlingsplan vid ekonomiskt bistånd",
        "en": "Action plan with income support",
        "help_sv": "Läs akten från den senaste ansökan och framåt.",
        "help_en": "Read the file from the latest application on.",
        "questions": [
            {
                "id": "plan",
                "sv": "Finns det en handlingsplan?",
                "en": "Is there an action plan?",
                "type": "yes_no",
                "remarks": [{"answers": ["no"], "category": "missing"}],
            },
            {
                "id": "dated",
                "sv": "När är den gjord?",
                "en": "When was it made?",
                "type": "date",
                "applies_if": {"question": "plan", "answers": ["yes"]},
            },
            {
                "id": "old",
                "sv": "Planen är äldre än tre månader",
                "en": "The plan is older than three months",
                "type": "yes_no",
                "derived": {"date": "dated", "months": 3},
                "remarks": [{"answers": ["yes"], "category": "old"}],
            },
            {"id": "note", "sv": "Något mer att säga?", "en": "Anything more?", "type": "text", "required": False},
        ],
    }
)

CONTENT: Final = AdoptPlan(
    board=DEFINITION.board,
    year=2021,
    title="Internkontrollplan 2021",
    risks=[PlannedRisk(id="underlag", text="Beslut fattas på otillräckligt underlag", score=12)],
    control_points=[
        PlannedPoint(
            control_point=CONTROL_POINT,
            **DEFINITION.model_dump(include=set(PointFields.model_fields), exclude={"risk"}),
            risk="underlag",
        ),
        PlannedPoint(
            control_point=POINT,
            number="4",
            area=DEFINITION.area,
            measure="Hushåll med ekonomiskt bistånd har en aktuell handlingsplan",
            risk="underlag",
            unit_name="hushåll",
            questionnaire="handlingsplan",
            reviewer_rule="colleague",
            categories=[
                Category(id="missing", sv="Handlingsplan saknas", en="No action plan"),
                Category(id="old", sv="Handlingsplanen är gammal", en="The action plan is old"),
            ],
        ),
    ],
)

ACTION: Final = ProposeAction(
    control_point=CONTROL_POINT,
    plan=PLAN,
    description="Rutinen för anmärkningar som kommer fram månaden därpå skrivs om.",
    responsible="Enhetschef",
    due=date(2021, 9, 30),
    status="under-way",
)


async def leave_work(signed_in_as: As, folder: Path) -> int:
    """Leave cases to review, and what belongs to them; return how many wait.

    Raises:
        DemoFailed: findings did not hear of them in a minute.
    """
    coordinator = signed_in_as("coordinator")
    await coordinator.plans.list_staff(STAFF, command=command_id("staff"))
    await coordinator.plans.publish("handlingsplan", ASKED, command=command_id("questionnaire"))
    await coordinator.plans.adopt(PLAN, CONTENT, command=command_id("plan"))
    draw = await _drawn(coordinator, folder)
    await coordinator.follow_ups.propose_action(ACTION, command=command_id("action"))
    return await _given_out(coordinator, draw)


async def _drawn(coordinator: Services, folder: Path) -> Draw:
    file = folder / f"handlingsplaner-{_PERIOD}.csv"
    rows = [f"H{number:03};Hushåll {number};reviewer-{number % _HANDLERS + 1:02}" for number in range(1, _ROWS + 1)]
    file.write_text("\n".join(["Hushåll;Namn;Handläggare", *rows]) + "\n", encoding="utf-8")
    options = FrameOptions(
        frame_name=f"{POINT} {_PERIOD}",
        control_point=POINT,
        period=_PERIOD,
        unit_id_column="Hushåll",
        handler_column="Handläggare",
        identity_columns=["Namn"],
    )
    frozen = await coordinator.sampler.freeze(upload_of(file, options), command=command_id("freeze", POINT))
    request = MakeDraw(frame=frozen.frame.frame, design="simple", n=WAITING)
    return await coordinator.sampler.make_draw(request, command=command_id("draw", POINT))


async def _given_out(coordinator: Services, draw: Draw) -> int:
    findings = coordinator.findings
    asked = AssignCases(draw=draw.draw, control_point=POINT, purpose="review")

    async def heard() -> bool | None:
        if (await findings.queue(control_point=POINT, limit=1)).total < WAITING:
            return None
        tried = await findings.assign(asked.model_copy(update={"dry_run": True}))
        return True if tried.given + tried.already == WAITING else None

    await until(heard, f"findings has not heard of {WAITING} cases and who may review them")
    await findings.assign(asked, command=command_id("assign", POINT))
    return WAITING
