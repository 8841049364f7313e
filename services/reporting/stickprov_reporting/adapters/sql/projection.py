"""Keeps rows and cells of both logs, inside the inbox's transaction.

What must not break: rows and cells move together, and the inboxes of the two logs take turns, because both may
change one row, or make the same new one.
"""

from collections.abc import Sequence

import asyncpg

from stickprov_kernel.log.records import Incoming
from stickprov_reporting.adapters.sql import rows
from stickprov_reporting.adapters.sql.register import register_columns
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.domain.projection import PROJECTION
from stickprov_reporting.domain.projection.fold import Touched, changes_of, touched_by


class StatisticsProjection:
    """Implements the inbox's ``Projection`` for the sampler's and the findings' log alike."""

    async def apply(self, connection: asyncpg.Connection, events: Sequence[Incoming]) -> None:
        """Fold a batch over the rows it is about and write what is different: three statements for a batch."""
        touched = touched_by(events)
        if touched.rows:
            await self._apply_to_rows(connection, touched)
        if touched.strata:
            await connection.execute(SQL["write_strata"], PROJECTION, *rows.stratum_columns(touched.strata))
        if touched.definitions:
            await connection.execute(
                SQL["write_definitions"], PROJECTION, *rows.definition_columns(touched.definitions)
            )
        if touched.register:
            await connection.execute(SQL["write_register_measures"], PROJECTION, *register_columns(touched.register))

    async def _apply_to_rows(self, connection: asyncpg.Connection, touched: Touched) -> None:
        # A statement of its own: the next one must see what the other inbox had committed when the turn came.
        await connection.execute(SQL["take_turn"], PROJECTION)
        keys = list(touched.rows)
        records = await connection.fetch(SQL["known_rows"], PROJECTION, *rows.key_columns(keys))
        known = {keys[place - 1]: rows.case_row_of(*columns) for place, *columns in records}
        changes = changes_of(touched.rows, known)
        if changes.rows:
            await connection.execute(
                SQL["write_changes"], PROJECTION, *rows.row_columns(changes.rows), *rows.cell_columns(changes.cells)
            )
