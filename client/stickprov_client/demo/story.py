"""What the demonstration plays and what must come out: the figures of control point 3 in the 2021 document.

The document prints n, x and the shares by month; N is its average. Its share for the foremost category, deposits on
account (12,87 %), is no count out of 509; the nearest whole number with the others as described is 66.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid5

from stickprov_contracts.events.sampler import Category
from stickprov_contracts.http.findings import RecordFinding
from stickprov_contracts.http.follow_ups import ConcludeControl
from stickprov_contracts.http.sampler import DefineControlPoint

CONTROL_POINT: Final = "AMF-2021-3"
START: Final = date(2021, 1, 1)
END: Final = date(2021, 4, 1)
REVIEWERS: Final = tuple(f"reviewer-{number:02}" for number in range(1, 13))

_COMMANDS: Final = UUID("5d0c2f3e-4a55-5b8e-9c55-2f1f6c1f0a03")

DEFINITION: Final = DefineControlPoint(
    number="3",
    year=2021,
    board="Socialnämnden",
    area="Avdelningen för arbetsmarknad och försörjning (AMF)",
    measure="Klienter anger korrekta uppgifter i ansökan om ekonomiskt bistånd",
    unit_name="hushåll",
    categories=[
        Category(id="deposits", sv="Insättningar på konto", en="Deposits on account"),
        Category(id="documents-missing", sv="Begärda handlingar ej inlämnade", en="Requested documents not handed in"),
        Category(
            id="amounts-unexplained", sv="Ej redogjort för sökta belopp", en="Amounts applied for not accounted for"
        ),
        Category(id="outdated", sv="Inaktuella underlag", en="Outdated supporting documents"),
        Category(id="disorderly", sv="Rörigt underlag", en="Disorderly supporting documents"),
        Category(
            id="other-amount",
            sv="Sökt för ett belopp och redovisat ett annat",
            en="Applied for one amount and accounted for another",
        ),
        Category(id="other", sv="Annan anmärkning", en="Other remark"),
    ],
)

CONCLUSION: Final = ConcludeControl(
    control_point=CONTROL_POINT,
    period="2021-Q1",
    carried_out_from=date(2021, 1, 4),
    carried_out_to=date(2021, 4, 9),
    verdict="followed",
    proposal="keep",
    carried_out_by="Socialsekreterare och handläggare granskade. Avdelningens utvecklingsledare sammanställde.",
    sampling_method="Slumpmässigt urval av hushåll ur föregående månads utbetalningar.",
    result="Vid aktgranskning visade det sig att felaktiga belopp rättas och tas med i beräkningen.",
    assessment="Det är inte tydligt vad som ska göras när en anmärkning kommer fram först månaden därpå. Kontrollen "
    "stävjar då nästa beslut men har ingen verkan på längre sikt.",
    proposed_actions="Rutinen ses över så att den även säger hur arbetet ska gå vidare.",
)


@dataclass(frozen=True)
class Month:
    """One month of the story.

    Attributes:
        label: ``2021-01``. paid: day of the payments the frame holds, in the month before.
        extracted: day the register was read.
        drawn: n. remarks: x by category; their sum is the month's x.
    """

    label: str
    paid: date
    extracted: date
    drawn: int
    remarks: dict[str, int]

    @property
    def frame_name(self) -> str:
        """Name of the month's frame."""
        return f"{CONTROL_POINT} {self.label}"

    @property
    def remark_count(self) -> int:
        """The month's x."""
        return sum(self.remarks.values())

    def finding(self, order: int) -> RecordFinding:
        """Return what is found in the case drawn as number ``order``, from 1; remarks lie spread over the draw."""
        by_chance = sorted(range(1, self.drawn + 1), key=lambda number: _spread(self.label, number))
        place = by_chance.index(order)
        outcomes = [category for category, count in self.remarks.items() for _ in range(count)]
        if place >= len(outcomes):
            return RecordFinding(remark=False)
        return RecordFinding(remark=True, categories=[outcomes[place]])


MONTHS: Final = (
    Month(
        label="2021-01",
        paid=date(2020, 12, 28),
        extracted=date(2021, 1, 4),
        drawn=156,
        remarks={
            "deposits": 18,
            "documents-missing": 3,
            "amounts-unexplained": 3,
            "outdated": 1,
            "disorderly": 1,
            "other-amount": 1,
            "other": 1,
        },
    ),
    Month(
        label="2021-02",
        paid=date(2021, 1, 27),
        extracted=date(2021, 2, 1),
        drawn=159,
        remarks={
            "deposits": 18,
            "documents-missing": 3,
            "amounts-unexplained": 3,
            "outdated": 2,
            "disorderly": 1,
            "other-amount": 1,
            "other": 1,
        },
    ),
    Month(
        label="2021-03",
        paid=date(2021, 2, 26),
        extracted=date(2021, 3, 1),
        drawn=194,
        remarks={
            "deposits": 30,
            "documents-missing": 4,
            "amounts-unexplained": 4,
            "outdated": 2,
            "disorderly": 3,
            "other-amount": 3,
            "other": 1,
        },
    ),
)

DRAWN: Final = sum(month.drawn for month in MONTHS)


def month_named(label: str) -> Month:
    """Return the month of the story with this label."""
    return next(month for month in MONTHS if month.label == label)


def command_id(*step: object) -> UUID:
    """Return a step's command id: the same in every run, so that playing again changes nothing."""
    return uuid5(_COMMANDS, "|".join(str(part) for part in step))


def _spread(label: str, number: int) -> bytes:
    return sha256(f"{label}|{number}".encode()).digest()
