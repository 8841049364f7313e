"""The controls of the board's documents as events, with the figures that ``seed-tables`` calls right."""

from datetime import date
from itertools import count

from stickprov_client.demo.story import MONTHS
from stickprov_contracts.events import Event, Period
from stickprov_contracts.events.findings import AnswerRecorded, FindingRecorded, SubunitOutcome
from stickprov_contracts.events.plans import QuestionnairePublished
from stickprov_contracts.events.sampler import CaseDrawn, FrameFrozen, StratumSize
from stickprov_contracts.questionnaires import Question, Questionnaire
from support.report_scenes import point_of_the_document
from support.reporting import case_drawn, case_id, draw_id, measured, month_period, recorded, sample

CORRECT = "AMF-2021-3"
CHILDREN = "AMF-2021-1"
MEETING, PLANS = "AMF-2021-4", "AMF-2021-5"
TEACHERS = "SDN-2013-5"
YEAR_OF_CHILDREN = Period(start=date(2020, 8, 1), end=date(2021, 8, 1), label="2020-08-01/2021-08-01")

_ASKED = {
    "general": ("Nämns barn generellt?", "Are children mentioned in general?", 80),
    "individual": ("Nämns barn som enskilda individer?", "Are children mentioned as individuals?", 70),
    "situation": ("Beskrivs barnens situation?", "Is the children's situation described?", 55),
    "needs": ("Beskrivs barnens behov?", "Are the children's needs described?", 29),
    "specific": ("Beskrivs barnens specifika behov?", "Are the children's specific needs described?", 17),
    "effects": ("Beskrivs konsekvenser av beslut generellt?", "Are effects of decisions described in general?", 16),
    "own-effects": ("Beskrivs specifika konsekvenser för barnet?", "Are effects for the child described?", 5),
}
_UNITS = ("Mottagning", "Ätradalen", "Östra", "Åby", "Centrum")


def correct_information(**changed: object) -> list[Event]:
    """Control point 3, January to March 2021: 104 of 509 with a remark, by category as the demonstration has it."""
    events: list[Event] = [point_of_the_document(CORRECT, **changed)]
    for month in MONTHS:
        name = month.label
        events.append(sample(name, [("", name, 2663, month.drawn)], month_period(name)))
        for order in range(1, month.drawn + 1):
            finding = month.finding(order)
            unit = _UNITS[order % len(_UNITS)]
            events.append(case_drawn(name, f"{name} {order}", name, unit=unit))
            events.append(recorded(name, f"{name} {order}", *finding.categories, remark=finding.remark))
    return events


def children() -> list[Event]:
    """Control point 1: 64 cases of 735, one for each handler, with 146 of 1774 children; 12 are over-coverage."""
    sizes = [12] * 31 + [11] * 33
    handlers = [f"p{number:02}" for number in range(64)]
    allocation = [(handler, "2021-07", size, 1) for handler, size in zip(handlers, sizes, strict=True)]
    drawn = sample("children", allocation, YEAR_OF_CHILDREN, by=["handler"], points=[CHILDREN], design="per_group")
    yes, no = ("yes",), ("no",)
    questions = [Question(id=key, sv=sv, en=en, type="yes_no", level="subunit") for key, (sv, en, _) in _ASKED.items()]
    published = Questionnaire(sv="Barnrättsperspektivet", en="Children's rights", questions=questions)
    events: list[Event] = [
        point_of_the_document(
            CHILDREN,
            number="1",
            measure="Barnrättsperspektivet beaktas i utredning och journal",
            area="AMF och Integration",
            unit_name="ärenden",
            subunit_name="barn",
            categories=[],
            questionnaire="barn",
        ),
        QuestionnairePublished(questionnaire="barn", number=1, content=published.model_dump(mode="json")),
        FrameFrozen(
            frame=drawn.frame,
            frame_name="barn",
            control_point=CHILDREN,
            period=YEAR_OF_CHILDREN,
            series=drawn.series,
            size=735,
            subunits=1774,
            strata=[StratumSize(stratum="", month="2021-07", size=735)],
            frame_hash="0" * 64,
            source_hash="0" * 64,
        ),
        drawn,
    ]
    child = count()
    for place, handler in enumerate(handlers):
        inside = [f"{place}-{number}" for number in range(3 if place < 18 else 2)]
        events.append(
            CaseDrawn(
                case=case_id(f"children {place}"),
                draw=draw_id("children"),
                control_points=[CHILDREN],
                period=YEAR_OF_CHILDREN,
                month="2021-07",
                stratum=handler,
                unit=_UNITS[place % len(_UNITS)],
                order=1,
                inclusion_probability=1 / sizes[place],
                subunits=inside,
            )
        )
        outcomes = []
        for name in inside:
            number = next(child)
            if number >= 134:
                outcomes.append(SubunitOutcome(subunit=name, outcome="over-coverage", reason="not-in-population"))
                continue
            answers = [
                AnswerRecorded(question=key, chosen=list(yes if number < asked[2] else no))
                for key, asked in _ASKED.items()
            ]
            outcomes.append(SubunitOutcome(subunit=name, outcome="reviewed", answers=answers))
        events.append(
            FindingRecorded(
                draw=draw_id("children"),
                control_point=CHILDREN,
                case=case_id(f"children {place}"),
                remark=False,
                questionnaire="barn",
                questionnaire_number=1,
                subunits=outcomes,
            )
        )
    return events


def meetings_and_plans() -> list[Event]:
    """Control points 4 and 5, August to October 2021: 15 of 84; a meeting lacks in 13, a plan in 3."""
    both = [MEETING, PLANS]
    names = {
        MEETING: ("4", "Ett första trepartsmöte genomförs"),
        PLANS: ("5", "Individuella handlingsplaner upprättas"),
    }
    events: list[Event] = [
        point_of_the_document(
            point, number=number, measure=measure, area="AMF och AMC", unit_name="anvisningar", categories=[]
        )
        for point, (number, measure) in names.items()
    ]
    lacking = {MEETING: {"2021-08": 3, "2021-09": 4, "2021-10": 6}, PLANS: {"2021-08": 1, "2021-09": 2, "2021-10": 0}}
    for month, size, drawn in (("2021-08", 11, 3), ("2021-09", 35, 6), ("2021-10", 38, 6)):
        events.append(sample(month, [("", month, size, drawn)], month_period(month), points=both))
        for order in range(drawn):
            case = f"{month} {order}"
            events.append(case_drawn(month, case, month, points=both))
            events += [recorded(month, case, remark=order < lacking[point][month], point=point) for point in both]
    return events


def teachers() -> list[Event]:
    """A register measure with a goal: 38 % preschool teachers where half are wanted, 30 to 50 by unit."""
    year = Period(start=date(2013, 1, 1), end=date(2014, 1, 1), label="2013")
    cells = [("2013-12", "Älven", 15, 50), ("2013-12", "Backen", 20, 40), ("2013-12", "Åsen", 22, 60)]
    point = point_of_the_document(
        TEACHERS,
        number="5",
        year=2013,
        measure="Rätt kompetens inom förskolan",
        area="Förskola",
        unit_name="",
        categories=[],
    )
    return [point, measured("Andel förskollärare", cells, year, points=[TEACHERS], goal="0.5")]
