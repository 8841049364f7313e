"""Makes reports: gathers their material from one moment, asks for their words, and stamps what comes out.

What must not break: figures, register measures, conclusions and actions of one report are of one moment, and the same
moment gives the same blocks, byte for byte, while no free text is erased.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

from stickprov_contracts.events import Event
from stickprov_contracts.events.follow_ups import (
    ActionFollowedUp,
    ActionProposed,
    ActionUpdated,
    ControlConcluded,
    PlanStatusReported,
)
from stickprov_contracts.events.plans import ControlPlanAdopted
from stickprov_contracts.http.register import RegisterMeasure
from stickprov_contracts.http.reports import Report, ReportFormat, Stamp
from stickprov_contracts.http.statistics import Statistics
from stickprov_kernel.errors import NotFoundError
from stickprov_reporting.adapters.damage import telling_of_damage
from stickprov_reporting.adapters.reading import Reading, When, unknown
from stickprov_reporting.adapters.readings import Readings
from stickprov_reporting.adapters.reports.roots import Roots
from stickprov_reporting.adapters.reports.texts import FindingsTexts
from stickprov_reporting.adapters.statistics import statistics_from
from stickprov_reporting.domain.register.measure import measure_of
from stickprov_reporting.domain.reports.drafting import Gathered, draft_of, printed_texts
from stickprov_reporting.domain.reports.material import Chronicle, Words
from stickprov_reporting.domain.reports.request import Wanted
from stickprov_reporting.domain.reports.writing import Writer

_KINDS: Final[tuple[type[Event], ...]] = (
    ControlPlanAdopted,
    ControlConcluded,
    ActionProposed,
    ActionUpdated,
    ActionFollowedUp,
    PlanStatusReported,
)
_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class ReportMaker:
    """What reports are made with."""

    readings: Readings
    roots: Roots
    texts: FindingsTexts

    async def make(self, wanted: Wanted, moment: When, ending: ReportFormat) -> Report:
        """Return a report of a moment, of now for None.

        Raises:
            NotFoundError: a control point or the plan is not known; names those that are.
            FiguresDamagedError: what is stored cannot be counted with.
            TextsUnavailableError: there are words to print, and findings does not answer.
        """
        async with self.readings.at(moment) as reading:
            gathered, as_of = await gather(reading, wanted), dict(reading.as_of)
        roots = await self.roots.at(as_of)
        kept = await self.texts.of(reference.note for reference in printed_texts(wanted, gathered))
        words = Words(kept, Writer(wanted.language))
        with telling_of_damage():
            draft = draft_of(wanted, gathered, words)
        return Report(
            report=wanted.kind,
            language=wanted.language,
            title=draft.title,
            subtitle=draft.subtitle,
            organisation=draft.organisation,
            registration=draft.registration,
            blocks=list(draft.blocks),
            stamp=Stamp(
                as_of=as_of,
                roots=roots,
                made=datetime.now(UTC),
                request=wanted.address(ending, as_of),
                release=version("stickprov"),
                erased=len(words.erased),
                altered=len(words.altered),
            ),
        )


async def gather(reading: Reading, wanted: Wanted) -> Gathered:
    """Return what a report is made from.

    Raises:
        NotFoundError: a control point or the plan is not known; names those that are.
    """
    entries = await reading.entries(_KINDS)
    definitions = {point.control_point: point for point in await reading.points(0)}
    chronicle = Chronicle(definitions, [entry.event for entry in entries])
    for name in wanted.control_points:
        if name not in definitions:
            raise await unknown(reading, name)
    if wanted.plan is not None and chronicle.plan(wanted.plan) is None:
        raise _unknown_plan(wanted.plan, chronicle.plans())
    statistics, register = await _figures(reading, wanted)
    return Gathered(chronicle, statistics, register)


async def _figures(reading: Reading, wanted: Wanted) -> tuple[dict[str, Statistics], dict[str, list[RegisterMeasure]]]:
    """Return the statistics and the register measures of a standard form's control points."""
    dates = wanted.dates
    if dates is None:
        return {}, {}
    facts = await reading.facts(wanted.control_points, dates)
    register: dict[str, list[RegisterMeasure]] = {}
    for name, measured in await reading.measures(wanted.control_points, dates):
        register.setdefault(name, []).append(measure_of(measured))
    return {name: statistics_from(reading, found, dates) for name, found in facts.items()}, register


def _unknown_plan(plan: str, known: list[str]) -> NotFoundError:
    if not known:
        return NotFoundError(f"There is no plan {plan}; none was adopted yet.")
    names = ", ".join(known[:_NAMED])
    more = " and others" if len(known) > _NAMED else ""
    return NotFoundError(f"There is no plan {plan}. There are: {names}{more}.")
