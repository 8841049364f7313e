"""What a report is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from stickprov_contracts.http.reports import ReportFormat, ReportKind, ReportLanguage
from stickprov_contracts.http.statistics import AsOf
from stickprov_reporting.domain.statistics.statistic import DateRange


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report that was asked for.

    Attributes:
        control_points: in the order in which the form names them; of the follow-up, whose actions.
        dates: the standard form's period. year: of a plan's statuses, or whose actions.
        on: the day on which an action is late.
        suppress_below: numbers below it, and what would give them away, are left out of a standard form.
    """

    kind: ReportKind
    language: ReportLanguage
    on: date
    control_points: Sequence[str] = ()
    plan: str | None = None
    year: int | None = None
    dates: DateRange | None = None
    suppress_below: int | None = None

    def address(self, ending: ReportFormat, as_of: dict[str, AsOf]) -> str:
        """Return the address that makes the same report again, from the same places in the logs."""
        asked: list[tuple[str, object]] = [("control_point", point) for point in self.control_points]
        asked += [("plan", self.plan), ("year", self.year)]
        if self.dates is not None:
            asked += [("from", self.dates.start), ("to", self.dates.end)]
        asked += [("suppress_below", self.suppress_below)]
        asked += [("on", self.on), ("language", self.language), ("format", ending)]
        asked += [(f"{source}_position", place.position) for source, place in as_of.items()]
        return f"/v1/reports/{self.kind}?{urlencode([(name, value) for name, value in asked if value is not None])}"
