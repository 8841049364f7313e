"""A projection folded in memory from whole logs, as a replay and a question about an earlier moment do.

What must not break: it gives what ``Folded`` gives, event by event (a property test says so). It is quicker because
rows that are alike are one, and because cells are counted once, from what became of the rows.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from stickprov_contracts.events import Event
from stickprov_contracts.events.measures import RegisterMeasured
from stickprov_contracts.events.sampler import CaseDrawn, ControlPointDefined, SampleDrawn
from stickprov_kernel.log.records import Incoming
from stickprov_reporting.domain.projection.cell import CellKey
from stickprov_reporting.domain.projection.chronicle import CHRONICLED
from stickprov_reporting.domain.projection.counting import counts_of
from stickprov_reporting.domain.projection.fold import Folded, keep_both, keep_newest, touched_by
from stickprov_reporting.domain.projection.review import REVIEW_EVENTS, Purpose, is_review_event
from stickprov_reporting.domain.projection.row import EMPTY, CaseRow, RowKey, evolve, row_keys

ROWS_ALONE: Final[frozenset[type[Event]]] = frozenset({CaseDrawn, *REVIEW_EVENTS}) - set(CHRONICLED)
"""Events that change rows and nothing else; nearly all are of these."""

ELSEWHERE: Final[frozenset[type[Event]]] = frozenset({ControlPointDefined, SampleDrawn, RegisterMeasured, *CHRONICLED})
"""Events that are kept elsewhere; what is in neither leaves no trace."""

_Shelf = dict[str, CaseRow]


class FoldingAnew:
    """Folds events of both logs, of each in its order."""

    def __init__(self) -> None:
        # By draw and control point, then by case. A draw is looked up by its number, which is quicker than by its id.
        self._shelves: dict[tuple[int, str], _Shelf] = {}
        self._draws: dict[int, UUID] = {}
        self._alike: dict[CaseRow, CaseRow] = {}
        self._folded = Folded()

    def change_rows(self, event: Event, version: int, purpose: Purpose) -> None:
        """Take in an event of ``ROWS_ALONE``."""
        if is_review_event(event):
            self._change(self._shelf(event.draw, event.control_point), event.case, event, version, purpose)
            return
        if type(event) is CaseDrawn and len(event.control_points) == 1:
            self._change(self._shelf(event.draw, event.control_points[0]), event.case, event, version, purpose)
            return
        for draw, point, case in row_keys(event):
            self._change(self._shelf(draw, point), case, event, version, purpose)

    def apply(self, events: Iterable[Incoming]) -> None:
        """Take in events of any kind."""
        touched = touched_by(events)
        for key, steps in touched.rows.items():
            shelf = self._shelf(key.draw, key.control_point)
            for event, version, purpose in steps:
                self._change(shelf, key.case, event, version, purpose)
        keep_both(self._folded.strata, touched.strata)
        keep_newest(self._folded.definitions, touched.definitions)
        self._folded.register.update(touched.register)
        self._folded.chronicle.update(touched.chronicle)

    def folded(self) -> Folded:
        """Return what came of it. Call it once, at the end."""
        for (number, point), shelf in self._shelves.items():
            draw = self._draws[number]
            for case, row in shelf.items():
                self._folded.rows[RowKey(draw, point, case)] = row
            _count(self._folded.cells, draw, point, list(shelf.values()))
        return self._folded

    def _shelf(self, draw: UUID, point: str) -> _Shelf:
        shelf = self._shelves.get((draw.int, point))
        if shelf is None:
            shelf = self._shelves[draw.int, point] = {}
            self._draws[draw.int] = draw
        return shelf

    def _change(self, shelf: _Shelf, case: str, event: Event, version: int, purpose: Purpose) -> None:
        before = shelf.get(case, EMPTY)
        after = evolve(before, event, version, purpose)
        if after is not before:
            shelf[case] = self._alike.setdefault(after, after)


def _count(cells: dict[CellKey, int], draw: UUID, point: str, rows: Sequence[CaseRow]) -> None:
    """Count the rows of a draw and control point; rows that are alike are one."""
    distinct = {id(row): row for row in rows}
    for identity, times in Counter(map(id, rows)).items():
        row = distinct[identity]
        if row.drawn is None or row.replaced:
            continue
        for indicator, count in counts_of(row.drawn.subunits, row).items():
            key = CellKey(point, draw, *row.drawn[:3], indicator)
            value = cells.get(key, 0) + times * count
            if value:
                cells[key] = value
            else:
                cells.pop(key, None)
