"""What a statistic tells beside the remarks: categories, answers, reasons, subunits, second and file reviews."""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from stickprov_client.bundle.verifying.counting import MISSED, OVER, REVIEWED, Fold
from stickprov_client.bundle.verifying.estimates import (
    DRAWN,
    OUTSIDE,
    REMARKED,
    SEEN,
    Figures,
    Name,
    View,
    estimated,
)
from stickprov_client.bundle.verifying.tallies import FILED, INSIDE, PAIRS

LACKING: Final[Name] = (MISSED,)
COUNTED: Final = {
    "drawn": DRAWN,
    "reviewed": SEEN,
    "over_coverage": OUTSIDE,
    "non_response": LACKING,
    "remarks": REMARKED,
}
"""What each count of a statistic is called here."""

Stored = Mapping[str, Any]


def by_month(view: View, months: list[str], name: Name) -> dict[str, int]:
    """Return a count by month, 0 where there is none."""
    found = dict.fromkeys(months, 0)
    for spot, count in view.counts.get(name, {}).items():
        found[spot.month] = found.get(spot.month, 0) + count
    return found


def mean_of_months(view: View, months: list[str], marked: Name, among: Name, reviewed: Name) -> float | None:
    """Return the unweighted mean of the months' shares; None while a month has nothing reviewed."""
    seen, parts, whole = (by_month(view, months, name) for name in (reviewed, marked, among))
    if not all(seen[month] for month in months):
        return None
    shares = [parts[month] / whole[month] for month in months if whole[month]]
    return math.fsum(shares) / len(shares) if shares else None


def category_figures(view: View, months: list[str], definition: Stored, stored: Stored) -> list[Figures]:
    """Return what is told of each category."""
    intervals = {one["category"]: one["interval"] for one in stored["categories"]}
    texts = {one["id"]: {"sv": one["sv"], "en": one["en"]} for one in definition.get("categories", ())}
    told = {name[1] for name in view.counts if name[0] == "category"}
    found = []
    for category in sorted(texts.keys() | told):
        name = ("category", category)
        estimate = estimated(view, name, SEEN, intervals.get(category))
        found.append(
            {"category": category}
            | texts.get(category, {"sv": category, "en": category})
            | {
                "share": share_of(view.total(name), view.total(SEEN)),
                "mean_of_months": mean_of_months(view, months, name, SEEN, SEEN),
                "by_month": by_month(view, months, name),
            }
            | ({"interval": estimate.interval} if estimate.told else {})
        )
    return found


def question_figures(view: View, months: list[str], stored: Stored) -> list[Figures]:
    """Return what was answered to each question, texts left out."""
    known = {(one["questionnaire"], one["question"]): one for one in stored["questions"]}
    found: list[Figures] = []
    for level, of in (("case", ()), ("subunit", INSIDE)):
        asked = {name[-2:] for name in view.counts if name[: len(of) + 1] == (*of, "asked")}
        told = {(one["questionnaire"], one["question"]) for one in found}  # a question is of one level
        for key in sorted(asked - told):
            as_stored = known.get((key[0], key[1]), {"options": ()})
            found.append(
                {"questionnaire": key[0], "question": key[1], "level": level}
                | _question(view, months, of, (key[0], key[1]), as_stored)
            )
    return found


def _question(view: View, months: list[str], of: Name, key: tuple[str, str], stored: Stored) -> Figures:
    asked: Name = (*of, "asked", *key)
    chosen = {name[-1] for name in view.counts if name[:-1] == (*of, "answer", *key)}
    kept = {one["option"]: one for one in stored["options"]}
    options = []
    for option in sorted(chosen | kept.keys()):
        name: Name = (*of, "answer", *key, option)
        told: Figures = {}
        if not of:
            estimate = estimated(view, name, asked, kept.get(option, {}).get("interval"))
            told = {"interval": estimate.interval, "weighted": estimate.weighted} if estimate.told else {}
        options.append(
            {
                "option": option,
                "share": share_of(view.total(name), view.total(asked)),
                "mean_of_months": mean_of_months(view, months, name, asked, (*of, REVIEWED)),
                "by_month": by_month(view, months, name),
            }
            | told
        )
    figures: Figures = {
        "asked": view.total(asked),
        "reviewed": view.total((*of, REVIEWED)),
        "asked_by_month": by_month(view, months, asked),
        "options": options,
    }
    if stored.get("number") is not None:
        total = Decimal(view.total((*of, "number", *key))).scaleb(-6)
        mean = total / figures["asked"] if figures["asked"] else None
        figures["number"] = {"answered": figures["asked"], "total": total, "mean": mean}
    elif (*of, "number", *key) not in view.counts:
        figures["number"] = None
    return figures


def reason_figures(view: View) -> list[Figures]:
    """Return how many were left out, by reason."""
    found = []
    for level, of in (("case", ()), ("subunit", INSIDE)):
        for outcome in (OVER, MISSED):
            for name in sorted(view.counts):
                if len(name) == len(of) + 2 and name[: len(of) + 1] == (*of, outcome):
                    key = {"outcome": outcome, "level": level, "reason": name[-1]}
                    found.append(key | {"count": view.total(name)})
    return found


def subunit_figures(fold: Fold, view: View, definition: Stored) -> Figures | None:
    """Return what is counted inside the cases, without the interval."""
    drawn = view.total((*INSIDE, *DRAWN))
    if definition.get("subunit_name") is None and not drawn:
        return None
    counts = {name: view.total(INSIDE + of) for name, of in COUNTED.items()}
    totals = [fold.subunit_totals.get(one.sample["frame"]) for one in view.draws.values()]
    size = sum(one or 0 for one in totals) if totals and None not in totals else None
    figures = with_shares(counts | {"size": size}) | {"name": definition.get("subunit_name") or ""}
    return figures | ({} if size is not None else {"sampling_fraction": None})


def agreement_figures(view: View) -> Figures | None:
    """Return how first and second reviewer agree."""
    both = view.total((*PAIRS, "both"))
    if not both:
        return None
    pairs = {(one, two): view.total((*PAIRS, one, two)) for one in ("remark", "none") for two in ("remark", "none")}
    remarked, neither = pairs["remark", "remark"], pairs["none", "none"]
    first, second = pairs["remark", "none"], pairs["none", "remark"]
    chance = (remarked + first) * (remarked + second) + (second + neither) * (first + neither)
    left = both * both - chance
    return {
        "both": both,
        "agreed": share_of(remarked + neither, both),
        "both_remarked": remarked,
        "first_only": first,
        "second_only": second,
        "neither": neither,
        "kappa": (both * (remarked + neither) - chance) / left if left else None,
        "settled": view.total((*PAIRS, "settled")),
    }


def file_review_figures(view: View, definition: Stored) -> Figures | None:
    """Return what became of looking into the remarks again, answers left out."""
    reviewed, remarks = view.total((*FILED, REVIEWED)), view.total(FILED + REMARKED)
    if not reviewed and definition.get("file_review_questionnaire") is None:
        return None
    return {
        "due": view.total(REMARKED),
        "reviewed": reviewed,
        "remarks": remarks,
        "remark_share": share_of(remarks, reviewed),
    }


def share_of(numerator: int, denominator: int) -> Figures:
    """Return a share with what it is made of."""
    value = numerator / denominator if denominator else None
    return {"numerator": numerator, "denominator": denominator, "value": value}


def with_shares(counts: Figures) -> Figures:
    """Return counts with what waits and their shares."""
    left = counts["drawn"] - counts["reviewed"] - counts["over_coverage"] - counts["non_response"]
    shares = {"remark_share": share_of(counts["remarks"], counts["reviewed"])}
    if counts.get("size") is not None:
        shares["sampling_fraction"] = share_of(counts["drawn"], counts["size"])
    return counts | {"waiting": left} | shares
