"""Everything that statistics of control points are made from, chosen from what is projected."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from stickprov_contracts.events.follow_ups import ControlConcluded
from stickprov_contracts.events.plans import QuestionnairePublished
from stickprov_contracts.events.sampler import ControlPointDefined, FrameFrozen
from stickprov_contracts.questionnaires import Questionnaire
from stickprov_contracts.streams import frame_stream, questionnaire_stream
from stickprov_reporting.domain.projection.cell import CellKey
from stickprov_reporting.domain.projection.chronicle import Entry, newest_by_stream
from stickprov_reporting.domain.projection.counting import ASKED, FILE, OF_SUBUNITS, SUBUNITS, counts_of
from stickprov_reporting.domain.projection.fold import Folded
from stickprov_reporting.domain.projection.row import CaseRow, RowKey
from stickprov_reporting.domain.projection.stratum import Stratum, StratumKey
from stickprov_reporting.domain.statistics.tally import Basis, Concluded, WeighedCase

_WEIGHED: Final = "pps"
_ASKED: Final = (ASKED, OF_SUBUNITS + ASKED, FILE + ASKED)


class Serving(NamedTuple):
    """A draw in its service to one control point."""

    control_point: str
    draw: UUID


@dataclass(frozen=True, slots=True)
class PointFacts:
    """What is known of one control point and some of its draws.

    Attributes:
        entries: of the chronicle: questionnaires, frames and conclusions, at least the newest of each stream.
    """

    point: ControlPointDefined
    strata: Mapping[StratumKey, Stratum]
    cells: Mapping[CellKey, int] = field(default_factory=dict)
    weighed: Sequence[WeighedCase] = ()
    entries: Sequence[Entry] = ()

    def basis(self, start: date, end: date) -> Basis:
        """Return the basis of a statistic: the draws whose period lies within ``[start, end)``."""
        strata = {key: found for key, found in self.strata.items() if start <= found.start and found.end <= end}
        draws = {key.draw for key in strata}
        cells = {key: value for key, value in self.cells.items() if key.draw in draws}
        newest = {stream: entry.event for stream, entry in newest_by_stream(self.entries).items()}
        return Basis(
            self.point,
            strata,
            cells,
            questionnaires=_questionnaires(newest.values(), questionnaires_of(cells)),
            conclusions=[
                Concluded(it.event, it.version) for it in self.entries if isinstance(it.event, ControlConcluded)
            ],
            weighed=[case for case in self.weighed if case.draw in draws],
            subunit_sizes=_subunit_sizes(newest.values(), strata),
        )


def servings_of(strata: Iterable[StratumKey]) -> list[Serving]:
    """Return which draws serve which control points, each pair once."""
    return list(dict.fromkeys(Serving(key.control_point, key.draw) for key in strata))


def weighed_servings(strata: Mapping[StratumKey, Stratum]) -> list[Serving]:
    """Return those of the draws whose cases have chances of their own."""
    return servings_of(key for key, found in strata.items() if found.design == _WEIGHED)


def weighed_of(key: RowKey, row: CaseRow) -> WeighedCase | None:
    """Return a case with its chance, None for one that was not drawn or gave way to a spare."""
    if row.drawn is None or row.replaced:
        return None
    month, unit, stratum, subunits, chance = row.drawn
    return WeighedCase(key.draw, month, unit, stratum, chance, counts_of(subunits, row))


def questionnaires_of(cells: Iterable[CellKey]) -> set[str]:
    """Return the questionnaires that cells count answers to."""
    return {
        key.indicator.removeprefix(kind).partition(":")[0]
        for key in cells
        for kind in _ASKED
        if key.indicator.startswith(kind)
    }


def streams_wanted(strata: Mapping[StratumKey, Stratum], cells: Iterable[CellKey]) -> list[str]:
    """Return the streams whose newest events a statistic needs: of questionnaires, and of frames with subunits."""
    cells = list(cells)
    frames = {found.frame for found in strata.values() if found.frame is not None}
    counted = any(key.indicator == SUBUNITS for key in cells)
    return [
        *sorted(map(questionnaire_stream, questionnaires_of(cells))),
        *(sorted(map(frame_stream, frames)) if counted else ()),
    ]


def facts_in(folded: Folded, control_point: str) -> PointFacts | None:
    """Return what a projection in memory knows of a control point, all of its draws; None if it is not defined."""
    definition = folded.definitions.get(control_point)
    if definition is None:
        return None
    strata = {key: found for key, found in folded.strata.items() if key.control_point == control_point}
    cells = {key: value for key, value in folded.cells.items() if key.control_point == control_point}
    weighed = {serving.draw for serving in weighed_servings(strata)}
    rows = (it for it in folded.rows.items() if it[0].control_point == control_point and it[0].draw in weighed)
    cases = [case for key, row in rows if (case := weighed_of(key, row)) is not None] if weighed else []
    wanted = set(streams_wanted(strata, cells))
    entries = [
        entry
        for entry in folded.chronicle.values()
        if entry.stream in wanted
        or (isinstance(entry.event, ControlConcluded) and entry.event.control_point == control_point)
    ]
    return PointFacts(definition.point, strata, cells, cases, entries)


def _questionnaires(events: Iterable[object], wanted: set[str]) -> dict[str, Questionnaire]:
    return {
        event.questionnaire: Questionnaire.model_validate(event.content)
        for event in events
        if isinstance(event, QuestionnairePublished) and event.questionnaire in wanted
    }


def _subunit_sizes(events: Iterable[object], strata: Mapping[StratumKey, Stratum]) -> dict[UUID, int]:
    sizes = {
        event.frame: event.subunits for event in events if isinstance(event, FrameFrozen) and event.subunits is not None
    }
    return {key.draw: sizes[found.frame] for key, found in strata.items() if found.frame in sizes}
