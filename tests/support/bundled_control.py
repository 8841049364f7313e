"""A small control of two months in both logs, as a test bundles it: drawn, reviewed, corrected, settled, concluded."""

from hashlib import sha256
from uuid import UUID, uuid5

from stickprov_contracts.events import NoteReference, Period
from stickprov_contracts.events.draws import CaseReplaced, SampleExtended
from stickprov_contracts.events.findings import (
    AnswerRecorded,
    CaseMarkedNonResponse,
    CaseMarkedOverCoverage,
    DisagreementSettled,
    FindingCorrected,
    FindingRecorded,
    FindingWithdrawn,
    ReviewStarted,
    SecondReviewRecorded,
)
from stickprov_contracts.events.follow_ups import ControlConcluded
from stickprov_contracts.events.plans import QuestionnairePublished
from stickprov_contracts.events.sampler import (
    Allocation,
    CaseDrawn,
    Category,
    ControlPointDefined,
    FrameFrozen,
    SampleDrawn,
    SeedDrawn,
    StratumSize,
)
from stickprov_contracts.streams import draw_stream
from support.bundles import Books

POINT = "AMF-2021-3"
MONTHS = ("2021-01", "2021-02")
UNITS, DRAWN = 40, 12
SEED = "13824381127973166541"
REASON = NoteReference(note=UUID(int=1), digest="a" * 64)
_IDS = UUID(int=7)


def controlled(*, units: int = UNITS, drawn: int = DRAWN) -> Books:
    """Return both logs of a control of two months."""
    books = Books(points=[POINT])
    books.sampler.add(
        ControlPointDefined(
            control_point=POINT,
            number="3",
            year=2021,
            board="AMF",
            area="Försörjningsstöd",
            measure="Att uppgifterna är rätt",
            unit_name="hushåll",
            categories=[Category(id="deposits", sv="Insättningar", en="Deposits")],
            tolerance="0.05",
            questionnaire="form",
            second_review_share="0.2",
        ),
        QuestionnairePublished(
            questionnaire="form",
            number=1,
            content={
                "sv": "Frågor",
                "en": "Questions",
                "questions": [
                    {"id": "told", "sv": "Anmält?", "en": "Told?", "type": "yes_no"},
                    {"id": "kronor", "sv": "Belopp", "en": "Amount", "type": "number", "required": False},
                ],
            },
        ),
    )
    for month in MONTHS:
        _draw(books, month, units, drawn)
    books.findings.add(
        ControlConcluded(
            control_point=POINT,
            period=Period(start="2021-01-01", end="2021-03-01", label="2021-01-01/2021-03-01"),
            verdict="followed",
        )
    )
    return books


def case_of(month: str, number: int) -> str:
    """Return a unit's pseudonym."""
    return sha256(f"{month} {number}".encode()).hexdigest()


def tickets(month: str, units: int = UNITS) -> list[str]:
    """Return a month's pseudonyms in the order of their tickets."""
    cases = [case_of(month, number) for number in range(units)]
    return sorted(cases, key=lambda case: sha256(f"{SEED}|{case}".encode()).hexdigest())


def draw_of(month: str) -> UUID:
    """Return a month's draw."""
    return uuid5(_IDS, f"draw {month}")


def _draw(books: Books, month: str, units: int, drawn: int) -> None:
    frame, series, draw = uuid5(_IDS, f"frame {month}"), uuid5(_IDS, f"series {month}"), draw_of(month)
    year, number = (int(part) for part in month.split("-"))
    period = Period(start=f"{month}-01", end=f"{year}-{number + 1:02}-01", label=month)
    listing = _listing(month, units)
    books.listings[str(frame)] = listing
    books.sampler.add(
        FrameFrozen(
            frame=frame,
            frame_name=f"hushåll {month}",
            control_point=POINT,
            period=period,
            series=series,
            size=units,
            strata=[StratumSize(stratum="", month=month, size=units)],
            frame_hash=sha256(f"parquet {month}".encode()).hexdigest(),
            source_hash="b" * 64,
            columns=["month", "unit"],
            listing_hash=sha256(listing).hexdigest(),
        )
    )
    place, frame_hash = books.sampler.size, sha256(f"parquet {month}".encode()).hexdigest()
    seed = SeedDrawn(draw=draw, frame=frame, frame_hash=frame_hash, frame_position=place, seed=SEED, origin="ceremony")
    books.sampler.add(seed, stream=draw_stream(draw))
    books.sampler.add(
        SampleDrawn(
            draw=draw,
            frame=frame,
            series=series,
            control_points=[POINT],
            period=period,
            design="simple",
            size=units,
            drawn=drawn,
            allocation=[Allocation(stratum="", month=month, size=units, drawn=drawn)],
            seed=SEED,
            frame_hash=frame_hash,
        )
    )
    _cases(books, month, period, units, drawn)


def _cases(books: Books, month: str, period: Period, units: int, drawn: int) -> None:
    order, draw = tickets(month, units), draw_of(month)

    def case(place: int, n: int) -> CaseDrawn:
        return CaseDrawn(
            case=order[place],
            draw=draw,
            control_points=[POINT],
            period=period,
            month=month,
            stratum="",
            unit="Norr" if int(order[place], 16) % 2 else "Syd",
            order=place + 1,
            inclusion_probability=n / units,
        )

    books.sampler.add(*(case(place, drawn) for place in range(drawn)))
    books.sampler.add(
        CaseReplaced(
            draw=draw,
            case=order[1],
            replacement=order[drawn],
            control_points=[POINT],
            stratum="",
            month=month,
            reason="closed",
        ),
        case(drawn, drawn),
        SampleExtended(
            draw=draw,
            control_points=[POINT],
            added=2,
            drawn=drawn + 2,
            allocation=[Allocation(stratum="", month=month, size=units, drawn=drawn + 2)],
        ),
        case(drawn + 1, drawn + 2),
        case(drawn + 2, drawn + 2),
    )
    _reviews(books, draw, order[: drawn + 3])


def _reviews(books: Books, draw: UUID, cases: list[str]) -> None:
    """Say something of every case but the last two, which wait; the second is replaced and counts for nothing."""
    for place, case in enumerate(cases[:-1]):
        of = {"draw": draw, "control_point": POINT, "case": case}
        remark = place % 4 == 0
        answers = [
            AnswerRecorded(question="told", chosen=["no" if remark else "yes"]),
            AnswerRecorded(question="kronor", number="12.5"),
        ]
        answered = {"questionnaire": "form", "questionnaire_number": 1, "answers": answers}
        books.findings.add(ReviewStarted(**of), actor="p02")
        match place:
            case 2:
                books.findings.add(CaseMarkedOverCoverage(**of, reason="duplicate"))
            case 3:
                books.findings.add(CaseMarkedNonResponse(**of, reason="no-time"))
            case _:
                found = {"remark": remark, "categories": ["deposits"] if remark else []}
                books.findings.add(FindingRecorded(**of, **found, **answered))
        if place == 5:
            books.findings.add(FindingCorrected(**of, remark=True, corrects=2, reason=REASON, **answered))
        if place == 6:
            books.findings.add(FindingWithdrawn(**of, withdraws=2, reason=REASON))
        if place == 8:
            books.findings.add(SecondReviewRecorded(**of, remark=False, **answered), actor="p03")
            books.findings.add(DisagreementSettled(**of, remark=False, settles=2, second=1, reason=REASON, **answered))
        if place == 9:
            books.findings.add(SecondReviewRecorded(**of, remark=False, **answered), actor="p03")


def _listing(month: str, units: int) -> bytes:
    head = "case_id\tmonth\tstratum\tunit\thandler\tsubunits\tsubunit_ids\n"
    kinds = "text\ttext\ttext\ttext\ttext\tinteger\ttexts\n"
    cases = sorted(case_of(month, number) for number in range(units))
    lines = [f"{case}\t{month}\t\t{'Norr' if int(case, 16) % 2 else 'Syd'}\t\\N\t\\N\t\\N\n" for case in cases]
    return (head + kinds + "".join(lines)).encode()
