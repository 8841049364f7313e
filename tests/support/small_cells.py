"""Controls with few cases in some parts, and an attacker who reads their printed report and computes what it left out.

The attacker knows how reports are made: that months, strata and units add up to the whole, that over-coverage,
non-response and waiting are what was drawn and not reviewed, and how shares are rounded. Integer programming finds the
least and the greatest value of each number, so nothing here is taken from how the report chose what to leave out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from stickprov_contracts.events import Event
from stickprov_contracts.events.findings import CaseMarkedNonResponse, CaseMarkedOverCoverage
from stickprov_contracts.http.reports import Report
from support.report_documents import CORRECT
from support.report_making import form_of, tables_of
from support.report_scenes import point_of_the_document
from support.reporting import case_drawn, case_id, draw_id, month_period, recorded, sample

_ROUNDED = 0.000501
_KINDS = ("Övertäckning", "Bortfall", "Återstår")


class Part(NamedTuple):
    """Cases of a unit in a month, by how they ended."""

    plain: int = 0
    remarks: int = 0
    over_coverage: int = 0
    non_response: int = 0
    waiting: int = 0

    @property
    def drawn(self) -> int:
        return sum(self)


def control(months: dict[str, dict[str, Part]], *, by_unit: bool = False, kinds: Sequence[str] = ()) -> list[Event]:
    """Return a control's events; ``kinds`` are given to remarks in turn, ``by_unit`` makes units strata as well."""
    categories = [{"id": name, "sv": f"Slag {name}", "en": f"Kind {name}"} for name in dict.fromkeys(kinds)]
    events: list[Event] = [point_of_the_document(CORRECT, categories=categories, tolerance="0.1")]
    number = 0
    for month, units in months.items():
        strata = [(unit if by_unit else "", month, 900, part.drawn) for unit, part in units.items()]
        allocation = strata if by_unit else [("", month, 900, sum(part.drawn for part in units.values()))]
        events.append(sample(month, allocation, month_period(month), by=["unit"] if by_unit else []))
        for unit, part in units.items():
            for place in range(part.drawn):
                case = f"{month} {unit} {place}"
                stratum = unit if by_unit else ""
                events.append(case_drawn(month, case, month, unit=unit, stratum=stratum))
                remark = part.plain <= place < part.plain + part.remarks
                chosen = [kinds[number % len(kinds)]] if remark and kinds else []
                number += remark
                events += _ended(month, case, place, part, chosen)
    return events


def _ended(month: str, case: str, place: int, part: Part, kinds: list[str]) -> Iterator[Event]:
    told = {"draw": draw_id(month), "control_point": CORRECT, "case": case_id(case)}
    reviewed = part.plain + part.remarks
    if place < reviewed:
        yield recorded(month, case, *kinds, remark=place >= part.plain, point=CORRECT)
    elif place < reviewed + part.over_coverage:
        yield CaseMarkedOverCoverage.model_validate({**told, "reason": "not-in-population"})
    elif place < reviewed + part.over_coverage + part.non_response:
        yield CaseMarkedNonResponse.model_validate({**told, "reason": "not-found"})


@dataclass
class Row:
    """A printed row: what is known of it, and the numbers of its unknowns."""

    drawn: int
    reviewed: int
    remarks: int
    losses: dict[str, int]
    left_out: bool


@dataclass
class Attacker:
    """What a reader of a report can work out of it."""

    report: Report
    kinds_exclude_each_other: bool = False
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    rules: list[tuple[dict[int, float], float, float]] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)
    categories: dict[str, tuple[int, bool]] = field(default_factory=dict)
    printed: dict[int, int] = field(default_factory=dict)
    _matrix: np.ndarray | None = None

    def __post_init__(self) -> None:
        tables = tables_of(self.report)
        heads = {table.caption: table.head for table in _tables(self.report)}
        self._read_whole(tables["Hela perioden"])
        for caption, name in (
            ("månad för månad", "Månad"),
            ("stratum för stratum", "Stratum"),
            ("enhet för enhet", "Enhet"),
        ):
            rows = tables.get(f"Antal och andelar {caption}")
            if rows:
                self._read_parts(name, heads[f"Antal och andelar {caption}"], rows)
        self._read_sentences(form_of(self.report)["Resultat"])
        self._read_categories(tables.get("Antal och andelar efter slag", []))

    def possible(self, unknown: int) -> tuple[int, int]:
        """Return the least and the greatest value of an unknown."""
        low, high = (self._extreme(unknown, sign) for sign in (1, -1))
        return low, high

    def _extreme(self, unknown: int, sign: int) -> int:
        goal = np.zeros(len(self.least))
        goal[unknown] = sign
        limits = LinearConstraint(
            self._weights(), [low for _, low, _ in self.rules], [high for _, _, high in self.rules]
        )
        found = milp(goal, constraints=limits, bounds=Bounds(self.least, self.most), integrality=np.ones(len(goal)))
        assert found.success, f"the printed figures contradict each other: {found.message}"
        return round(found.x[unknown])

    def _weights(self) -> np.ndarray:
        if self._matrix is None:
            self._matrix = np.zeros((len(self.rules), len(self.least)))
            for place, (weights, _, _) in enumerate(self.rules):
                for variable, weight in weights.items():
                    self._matrix[place, variable] = weight
        return self._matrix

    def _unknown(self, most: float) -> int:
        self.least.append(0)
        self.most.append(most)
        return len(self.least) - 1

    def _is(self, unknown: int, told: str) -> bool:
        """Use a printed count; tell whether it was left out."""
        if told == "..":
            return True
        self.printed[unknown] = _count(told)
        self.rules.append(({unknown: 1}, _count(told), _count(told)))
        return False

    def _share_is(self, unknown: int, of: int, told: str) -> None:
        if told.endswith("%") and of:
            share = float(told.removesuffix("%").strip().replace(",", ".")) / 100
            self.rules.append(({unknown: 1}, (share - _ROUNDED) * of, (share + _ROUNDED) * of))

    def _row(self, name: str, drawn: int, reviewed: int) -> Row:
        lost = drawn - reviewed
        row = Row(
            drawn, reviewed, self._unknown(reviewed), {kind: self._unknown(lost) for kind in _KINDS}, left_out=False
        )
        self.rules.append((dict.fromkeys(row.losses.values(), 1), lost, lost))
        self.rows[name] = row
        return row

    def _read_whole(self, rows: list[list[str]]) -> None:
        figures = {row[0]: row for row in rows}
        drawn = _count(figures["Urvalets andel av urvalsramen"][2])
        shown = figures["Sammanlagd andel med anmärkning"]
        row = self._row("whole", drawn, _count(shown[3]))
        row.left_out = self._is(row.remarks, shown[2])
        self._share_is(row.remarks, row.reviewed, shown[1])
        for name, told in figures.items():
            if "konfidensintervall" in name or "Vägd" in name or "Medelvärde" in name:
                assert not row.left_out, f"{name}: {told}"

    def _read_parts(self, name: str, head: list[str], rows: list[list[str]]) -> None:
        parts: dict[str, list[Row]] = {}
        for cells in rows:
            told = dict(zip(head, cells, strict=True))
            whole = told[name] == "Sammanlagt"
            key = f"{name} {told[name]} {told.get('Månad', '')}"
            row = self.rows["whole"] if whole else self._row(key, _count(told["Urval"]), _count(told["Granskade"]))
            row.left_out = self._is(row.remarks, told["Med anmärkning"]) or row.left_out
            self._share_is(row.remarks, row.reviewed, told["Andel"])
            for kind in _KINDS:
                if kind in head:
                    self._is(row.losses[kind], told[kind])
            if not whole:
                month = told.get("Månad", "").split(" ")[0]
                inside = f"Månad {month} {month}" if name == "Stratum" and month else "whole"
                parts.setdefault(inside, []).append(row)
        for parent, found in parts.items():
            self._add_up(self.rows[parent], found)

    def _add_up(self, whole: Row, parts: list[Row]) -> None:
        assert sum(part.drawn for part in parts) == whole.drawn
        for numbers in (
            [whole.remarks, *(part.remarks for part in parts)],
            *([whole.losses[kind], *(part.losses[kind] for part in parts)] for kind in _KINDS),
        ):
            self.rules.append(({numbers[0]: -1, **dict.fromkeys(numbers[1:], 1)}, 0, 0))

    def _read_sentences(self, text: str) -> None:
        whole = self.rows["whole"]
        for pattern, unknown in (
            (r"Anmärkning finns i (\S+) av dem", whole.remarks),
            (r"(\S+) av de dragna borde inte", whole.losses["Övertäckning"]),
            (r"(\S+) av de dragna kunde inte granskas", whole.losses["Bortfall"]),
            (r"(\S+) av de dragna återstår", whole.losses["Återstår"]),
        ):
            for told in re.findall(pattern, text):
                self._is(unknown, told)

    def _read_categories(self, rows: list[list[str]]) -> None:
        whole = self.rows["whole"]
        for name, told, reviewed, share, *_ in rows:
            unknown = self._unknown(_count(reviewed))
            self.rules.append(({unknown: 1, whole.remarks: -1}, -np.inf, 0))
            self.categories[name] = unknown, self._is(unknown, told)
            self._share_is(unknown, _count(reviewed), share)
        if self.kinds_exclude_each_other and rows:
            kinds = dict.fromkeys((unknown for unknown, _ in self.categories.values()), 1)
            self.rules.append(({**kinds, whole.remarks: -1}, 0, 0))


def _count(told: str) -> int:
    return int(told.replace("\xa0", ""))


def _tables(report: Report) -> Iterator:
    for block in report.blocks:
        if block.kind == "table":
            yield block
        elif block.kind == "chart":
            yield block.table
