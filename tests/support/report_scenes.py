"""What the board's documents tell, as events: a form filled in, a plan with its statuses, actions followed up."""

from datetime import date
from uuid import UUID

from stickprov_client.demo.story import DEFINITION
from stickprov_contracts.events import Event, Period
from stickprov_contracts.events.follow_ups import (
    ActionFollowedUp,
    ActionProposed,
    ControlConcluded,
    PlanStatusReported,
)
from stickprov_contracts.events.plans import ControlPlanAdopted, Risk
from stickprov_contracts.events.sampler import ControlPointDefined
from support.report_texts import Notes

QUARTER = Period(start=date(2021, 1, 1), end=date(2021, 4, 1), label="2021-Q1")
PLAN = "AFN-2022"
DNR = "AFN 2021/232"

FORM = {
    "carried_out_by": "Socialsekreterare och handläggare genomför kontrollerna.\nUtvecklingsledaren sammanställer.",
    "sampling_method": "Slumpmässigt urval av hushåll ur föregående månads utbetalningar.",
    "result": "Felaktiga belopp korrigeras och tas med i beräkningen.",
    "assessment": "Rutinen saknar riktlinje för ärenden där stickprovet ger utslag först nästa månad.",
    "proposed_actions": "Rutinen revideras så att ett framåtsyftande arbete definieras.",
}


def tertial(number: int, year: int = 2022) -> Period:
    end = date(year, 4 * number + 1, 1) if number < 3 else date(year + 1, 1, 1)
    return Period(start=date(year, 4 * number - 3, 1), end=end, label=f"{year}-T{number}")


def point_of_the_document(point: str = "AMF-2021-3", **changed: object) -> ControlPointDefined:
    fields = {name: getattr(DEFINITION, name) for name in ("number", "year", "board", "area", "measure", "unit_name")}
    told = {"control_point": point, "categories": DEFINITION.categories, **fields, **changed}
    return ControlPointDefined.model_validate(told)


def concluded(notes: Notes, point: str = "AMF-2021-3", period: Period = QUARTER, **changed: object) -> ControlConcluded:
    told = {
        "control_point": point,
        "period": period,
        "carried_out_from": date(2021, 1, 4),
        "carried_out_to": date(2021, 4, 9),
        "verdict": "followed",
        "texts": {name: notes.write(text) for name, text in FORM.items()},
        **changed,
    }
    return ControlConcluded.model_validate(told)


def actions(notes: Notes, point: str = "AMF-2021-3") -> list[Event]:
    """One action that is late and was followed up, one that is done and was not."""
    first, second = UUID(int=101), UUID(int=102)
    return [
        ActionProposed(
            action=first,
            control_point=point,
            number="2",
            description=notes.write("Ta fram rutiner för hur stickproven ska gå till."),
            responsible="Enhetschef",
            due=date(2022, 3, 31),
            status="under-way",
        ),
        ActionProposed(
            action=second,
            control_point=point,
            number="1",
            description=notes.write("Säkerställa att enhetens skrivveckor blir av."),
            status="done",
        ),
        ActionFollowedUp(
            action=first,
            period=tertial(1),
            status="under-way",
            effect="partly",
            finding=notes.write("Arbetet med rutinerna fortgår."),
        ),
    ]


ROWS = (
    (
        "1",
        "kontinuitet",
        "Kontroll av omfattning och progress i insatser",
        "Uppföljning i verksamhetssystem",
        "Enhetschef",
    ),
    ("2", "system", "Kontrollera att utvecklingsarbete är påbörjat", "Uppföljning i ledningsgruppen", "Direktör"),
    ("3", "hot", "Regelbunden utbildning för medarbetare", "Kontrollera att samtliga fått information", "Direktör"),
    ("4", "system", "Implementation av nya verksamhetssystem", None, None),
    ("5", None, "Löpande uppföljning", None, None),
)
RISKS = (
    ("kontinuitet", "Bristande kontinuitet", 16, "sannolik risk, allvarliga konsekvenser"),
    ("system", "Omoderna verksamhetssystem", 16, "sannolik risk, allvarliga konsekvenser"),
    ("hot", "Hot mot tjänsteman", 15, "möjlig risk, allvarliga konsekvenser"),
)


def plan_of_the_document(notes: Notes) -> list[Event]:
    """A plan of five rows in three risks, told of for two tertials; one row was told of twice in the first."""
    points = [
        point_of_the_document(
            f"{PLAN}-{number}",
            number=number,
            year=2022,
            board="Arbets- och företagsnämnden",
            area="Arbetsmarknad",
            measure=measure,
            plan=PLAN,
            risk=risk,
            method=method,
            responsible=responsible,
            frequency="Tertial",
            unit_name="",
            categories=[],
        )
        for number, risk, measure, method, responsible in ROWS
    ]
    adopted = ControlPlanAdopted(
        plan=PLAN,
        year=2022,
        board="Arbets- och företagsnämnden",
        dnr=DNR,
        title="Internkontrollplan för arbets- och företagsnämnden 2022",
        risks=[Risk(id=id_, text=text, score=score, labels=labels) for id_, text, score, labels in RISKS],
        control_points=[point.control_point for point in points],
    )
    told = [
        ("1", 1, "under-way", "Månadsrapporter följs upp på individnivå."),
        ("2", 1, "under-way", "Förstudie pågår."),
        ("2", 1, "done", None),
        ("1", 2, "under-way", "Kontinuerlig utveckling."),
        ("3", 2, "deviation", "Genomgång saknas för nyanställda."),
    ]
    statuses = [
        PlanStatusReported(
            plan=PLAN,
            control_point=f"{PLAN}-{number}",
            period=tertial(of),
            status=status,
            text=notes.write(text) if text else None,
        )
        for number, of, status, text in told
    ]
    return [adopted, *points, *statuses]
