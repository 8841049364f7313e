"""Draws from a frame file by ticket. Everything here blocks: run it in a thread."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from stickprov_contracts.events.sampler import StratumSize
from stickprov_kernel.database.queries import load_queries
from stickprov_sampler.adapters.duck import engine
from stickprov_sampler.adapters.workspace import workspace
from stickprov_sampler.domain.draw.allocation import WHOLE_FRAME, Plan
from stickprov_sampler.domain.draw.selection import Selected

SQL = load_queries(__package__, "sampling.sql")

_ABOVE_ALL: Final = "g"
"""Sorts after every ticket, which is made of hex digits."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What one pseudonym stands for; ``fields`` is a JSON object of the identity columns."""

    case: str
    unit_id: str
    fields: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """Draws from frame files.

    Attributes:
        frame_folder: where the frame files lie, and where what does not fit into memory goes.
        memory: DuckDB's limit, such as ``512MB``.
    """

    frame_folder: Path
    memory: str

    def select(self, frame_file: Path, plan: Plan, seed: str) -> list[Selected]:
        """Return the selected units: part by part in the order of their names, in each by ticket."""
        arguments: dict[str, object] = {"frame": str(frame_file), "seed": seed}
        if plan.stratify_by is None:
            rows = self._rows(SQL["simple"], frame_file, arguments | {"n": plan.wanted.get(WHOLE_FRAME, 0)})
        else:
            wanted = {part: n for part, n in plan.wanted.items() if n}
            arguments |= {"stratify_by": plan.stratify_by, "parts": list(wanted), "counts": list(wanted.values())}
            bounds = [_bound(n, plan.sizes[part]) for part, n in wanted.items()]
            rows = self._rows(SQL["stratified"], frame_file, arguments | {"bounds": bounds})
            if len(rows) < sum(wanted.values()):
                rows = self._rows(SQL["stratified"], frame_file, arguments | {"bounds": [_ABOVE_ALL] * len(wanted)})
        parted = groupby(rows, key=lambda row: row[7:])
        return [_selected(row, order) for _, part_rows in parted for order, row in enumerate(part_rows, start=1)]

    def sizes(self, frame_file: Path) -> list[StratumSize]:
        """Return how many units a frame file holds by stratum and month."""
        rows = self._rows(SQL["sizes"], frame_file, {"frame": str(frame_file)})
        return [StratumSize(stratum=stratum, month=month, size=size) for stratum, month, size in rows]

    def identities(self, identity_file: Path, cases: Sequence[str]) -> list[Identity]:
        """Return what the given pseudonyms stand for."""
        rows = self._rows(SQL["identities"], identity_file, {"identities": str(identity_file), "cases": list(cases)})
        return [Identity(case, unit_id, json.dumps(fields, ensure_ascii=False)) for case, unit_id, fields in rows]

    def _rows(self, statement: str, file: Path, arguments: dict[str, object]) -> list[tuple[Any, ...]]:
        with workspace(self.frame_folder) as work, engine(work, [file.parent], memory=self.memory) as connection:
            return connection.execute(statement, arguments).fetchall()


def _bound(n: int, size: int) -> str:
    """Return a ticket that n of a part's tickets are below, with the odds of eight standard deviations."""
    share = (n + 8 * math.sqrt(n) + 16) / size
    return f"{int(share * 2**64):016x}" if share < 1 else _ABOVE_ALL


def _selected(row: tuple[Any, ...], order: int) -> Selected:
    case, month, stratum, unit, handler, subunits, ticket = row[:7]
    return Selected(case, month, stratum, unit, handler, subunits, ticket, order)
