"""What a board sees at one look: controls with verdict and progress, actions that are late, how the plans stand."""

from datetime import date
from uuid import UUID

from stickprov_contracts.http.base import Answer
from stickprov_contracts.http.statistics import AsOf, Interval, Share, ToleranceVerdict


class ControlPointSummary(Answer):
    """A control point that reporting knows, with the range of its draws and its progress."""

    control_point: str
    number: str
    measure: str
    year: int
    start: date | None
    end: date | None
    drawn: int
    reviewed: int
    remarks: int
    over_coverage: int
    non_response: int


class ControlStanding(ControlPointSummary):
    """A control of the dashboard's year.

    Attributes:
        plan, risk: what it belongs to. responsible: a function.
        done: drawn cases that wait no more, of all drawn.
        months: shares by month of the year's draws, for a small chart; None where nothing is reviewed.
        register: register measures of the year: their number, and how many miss their goal.
        concluded: verdict of the newest conclusion in the year, by a person.
    """

    plan: str | None
    risk: str | None
    responsible: str | None
    done: Share
    share: Share
    interval: Interval | None
    verdict: ToleranceVerdict | None
    months: dict[str, float | None]
    register_measures: int
    register_missed: int
    concluded: str | None
    concluded_period: str | None


class ActionStanding(Answer):
    """An action that is neither done nor dropped; its words are in findings.

    Attributes:
        overdue: its day has passed, judged on the day it was asked.
    """

    action: UUID
    control_point: str | None
    plan: str | None
    number: str | None
    responsible: str | None
    due: date | None
    status: str
    overdue: bool


class PlanRowStanding(Answer):
    """A row of a plan with its newest status of each tertial, by ``T1``, ``T2``, ``T3``; absent where none is told."""

    plan: str
    control_point: str
    number: str
    area: str
    measure: str
    risk: str | None
    score: int | None
    statuses: dict[str, str]


class Dashboard(Answer):
    """``GET /v1/dashboard?year=``.

    Attributes:
        years: every year that has a control point, newest first.
        actions: open ones, overdue first, then by day.
    """

    year: int
    years: list[int]
    controls: list[ControlStanding]
    actions: list[ActionStanding]
    plan_rows: list[PlanRowStanding]
    as_of: dict[str, AsOf]


class Changed(Answer):
    """``GET /v1/changes?after=&wait=``: answers at once when something was applied since, else after ``wait`` seconds.

    Attributes:
        mark: what to give as ``after`` next time; it differs whenever a log has moved.
    """

    mark: str
    changed: bool
    as_of: dict[str, AsOf]
