"""From events to changes of rows and cells, and a whole projection in memory, for replaying and for tests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from stickprov_contracts.events import Event
from stickprov_contracts.events.draws import SampleExtended
from stickprov_contracts.events.measures import RegisterMeasured
from stickprov_contracts.events.sampler import ControlPointDefined, SampleDrawn
from stickprov_kernel.log.records import Incoming
from stickprov_reporting.domain.projection.cell import CellKey, Move, differences
from stickprov_reporting.domain.projection.chronicle import ChronicleKey, Entry, chronicled
from stickprov_reporting.domain.projection.register import RegisterKey, register_keys
from stickprov_reporting.domain.projection.review import Purpose, purpose_of
from stickprov_reporting.domain.projection.row import EMPTY, CaseRow, RowKey, evolve, row_keys
from stickprov_reporting.domain.projection.stratum import Stratum, StratumKey, strata_of


class Definition(NamedTuple):
    """A control point as some version of its stream defines it; the highest version stays."""

    version: int
    point: ControlPointDefined


class Step(NamedTuple):
    """An event on its way to a row, with its number in its own stream and what that is for."""

    event: Event
    version: int
    purpose: Purpose


@dataclass(slots=True)
class Touched:
    """What a batch of events is about, before anything stored is known.

    Attributes:
        rows: by case row, the events on it, in their order.
        strata: sizes told by samples. definitions: newest definition of each control point in the batch.
        register: what rules have counted over whole frames. chronicle: events that are kept whole.
    """

    rows: dict[RowKey, list[Step]] = field(default_factory=dict)
    strata: dict[StratumKey, Stratum] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    register: dict[RegisterKey, RegisterMeasured] = field(default_factory=dict)
    chronicle: dict[ChronicleKey, Entry] = field(default_factory=dict)


@dataclass(slots=True)
class Changes:
    """What a batch of events does to what is stored.

    Attributes:
        rows: case rows that are different now. cells: what is to be added to each cell, never 0.
    """

    rows: dict[RowKey, CaseRow]
    cells: dict[CellKey, int]


def touched_by(events: Iterable[Incoming]) -> Touched:
    """Sort a batch by what its events are about."""
    touched = Touched()
    for incoming in events:
        event, version = incoming.event, int(incoming.envelope.streamversion)
        keys = row_keys(event)
        if keys:
            step = Step(event, version, purpose_of(incoming.envelope.subject))
            for key in keys:
                touched.rows.setdefault(key, []).append(step)
        elif isinstance(event, ControlPointDefined):
            keep_newest(touched.definitions, {event.control_point: Definition(version, event)})
        elif isinstance(event, SampleDrawn | SampleExtended):
            keep_both(touched.strata, strata_of(event, version))
        elif isinstance(event, RegisterMeasured):
            touched.register.update(dict.fromkeys(register_keys(event), event))
        touched.chronicle.update(chronicled(incoming))
    return touched


def changes_of(touched: Mapping[RowKey, Sequence[Step]], known: Mapping[RowKey, CaseRow]) -> Changes:
    """Fold a batch over the rows that are known; a row that is not known is empty."""
    rows: dict[RowKey, CaseRow] = {}
    moves: dict[Move, int] = {}
    for key, steps in touched.items():
        before = after = known.get(key, EMPTY)
        for event, version, purpose in steps:
            after = evolve(after, event, version, purpose)
        if after != before:
            rows[key] = after
            move = Move(key.control_point, key.draw, before, after)
            moves[move] = moves.get(move, 0) + 1
    return Changes(rows, differences(moves))


def keep_newest(definitions: dict[str, Definition], others: Mapping[str, Definition]) -> None:
    """Add definitions to others, of each control point the one with the highest version."""
    for point, definition in others.items():
        known = definitions.get(point)
        if known is None or known.version < definition.version:
            definitions[point] = definition


def keep_both(strata: dict[StratumKey, Stratum], others: Mapping[StratumKey, Stratum]) -> None:
    """Add what is told of strata to what is known of them."""
    for key, stratum in others.items():
        known = strata.get(key)
        strata[key] = stratum if known is None else known.with_other(stratum)


@dataclass(slots=True)
class Folded:
    """A projection in memory. It grows with the number of drawn cases, not with the number of events."""

    rows: dict[RowKey, CaseRow] = field(default_factory=dict)
    cells: dict[CellKey, int] = field(default_factory=dict)
    strata: dict[StratumKey, Stratum] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    register: dict[RegisterKey, RegisterMeasured] = field(default_factory=dict)
    chronicle: dict[ChronicleKey, Entry] = field(default_factory=dict)

    def apply(self, events: Iterable[Incoming]) -> None:
        """Take in a batch of either log."""
        touched = touched_by(events)
        changes = changes_of(touched.rows, self.rows)
        self.rows.update(changes.rows)
        for key, difference in changes.cells.items():
            value = self.cells.get(key, 0) + difference
            if value:
                self.cells[key] = value
            else:
                del self.cells[key]
        keep_both(self.strata, touched.strata)
        keep_newest(self.definitions, touched.definitions)
        self.register.update(touched.register)
        self.chronicle.update(touched.chronicle)
