"""How plans are told in both languages, in the command and on the pages alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.events.plans import Risk
from stickprov_contracts.http.plans import Plan, PlanPoint

SCHEDULES: Final = {
    "monthly": marked("every month"),
    "quarterly": marked("every quarter"),
    "tertial": marked("every tertial"),
    "half_yearly": marked("every half year"),
    "yearly": marked("every year"),
}
REVIEWERS: Final = {
    "anyone": marked("anyone"),
    "handler": marked("the case's own handler"),
    "colleague": marked("a colleague of the handler"),
    "group": marked("a group"),
    "round_robin": marked("whoever has least to do"),
}
_WHAT: Final = {
    "added": marked("new"),
    "adopted": marked("adopted"),
    "defined": marked("defined"),
    "changed": marked("changed"),
    "removed": marked("out of the plan"),
    "carried_over": marked("carried over"),
    "kept": marked("kept"),
    "reformulated": marked("reformulated"),
    "retired": marked("retired"),
    "period_closed": marked("period closed"),
}


@dataclass(frozen=True)
class RiskArea:
    """The points of one risk; of one area, where the plan has no risks."""

    area: str
    points: list[PlanPoint]


@dataclass(frozen=True)
class ScoreGroup:
    """The points of all risks with one score and its labels, as the plan has them; no heading without risks."""

    heading: str
    areas: list[RiskArea]


def by_score(plan: Plan, language: Language) -> list[ScoreGroup]:
    """Return a plan's points by score, the highest first; in the plan's order within, and those without risk last."""
    order = {risk.id: place for place, risk in enumerate(plan.risks)}
    risks = {risk.id: risk for risk in plan.risks}

    def place(point: PlanPoint) -> tuple[float, str, int]:
        risk = risks.get(point.risk or "")
        if risk is None:
            return (1.0, "", len(order))
        return (-float(risk.score) if risk.score is not None else 0.5, risk.labels, order[risk.id])

    points = sorted(plan.control_points, key=place)
    return list(_groups(points, risks, language))


def _groups(points: list[PlanPoint], risks: dict[str, Risk], language: Language) -> Iterator[ScoreGroup]:
    def heading(point: PlanPoint) -> str:
        risk = risks.get(point.risk or "")
        return score_heading(risk, language) if risk else ""

    for text, members in groupby(points, key=heading):
        areas = groupby(members, key=lambda point: _area(point, risks))
        yield ScoreGroup(text, [RiskArea(area, list(points)) for area, points in areas])


def _area(point: PlanPoint, risks: dict[str, Risk]) -> str:
    risk = risks.get(point.risk or "")
    return risk.text if risk else point.area


def score_heading(risk: Risk, language: Language) -> str:
    """Return ``Score 16: labels`` as the plan gives them."""
    say = texts(language).gettext
    if risk.score is None:
        return risk.labels or say("No score")
    score = say("Score {score}").format(score=risk.score)
    return f"{score}: {risk.labels}" if risk.labels else score


def what(word: str, language: Language) -> str:
    """Return what happened, or how a point was carried over."""
    return texts(language).gettext(_WHAT.get(word, word))


def schedule(word: str, language: Language) -> str:
    """Return a schedule in words."""
    return texts(language).gettext(SCHEDULES.get(word, word))


def reviewer(rule: str | None, language: Language, group: str | None = None) -> str:
    """Return who reviews, in words, with the group's name; "" when the plan does not say."""
    text = texts(language).gettext(REVIEWERS.get(rule, rule)) if rule else ""
    return f"{text}: {group}" if group else text
