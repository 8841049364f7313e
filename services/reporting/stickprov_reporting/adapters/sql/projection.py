"""Keeps what is projected of both logs, inside the inbox's transaction.

What must not break: everything of a batch moves together; the inboxes of the two logs take turns, because both may
change one row, or make the same new one; and a generation is written by the version of the code that it belongs to.
"""

from collections.abc import Sequence

import asyncpg

from stickprov_kernel.database.pool import Connection
from stickprov_kernel.log.records import Incoming
from stickprov_reporting.adapters.sql import rows
from stickprov_reporting.adapters.sql.register import register_columns
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.domain.projection import PROJECTION
from stickprov_reporting.domain.projection.fold import Touched, changes_of, keep_both, touched_by


class ReplacedReleaseError(ConnectionError):
    """A newer release has made its own generation. This process must not write it, and be replaced.

    It is a fault of the infrastructure: the events wait until the newer release applies them.
    """


class StatisticsProjection:
    """Implements the inbox's ``Projection`` for the sampler's and the findings' log alike."""

    async def apply(self, connection: asyncpg.Connection, events: Sequence[Incoming]) -> None:
        """Fold a batch over what is known: mostly three statements.

        Nothing is written while the active generation is an older release's: the one that is being built gets the
        events from the log copy.

        Raises:
            ReplacedReleaseError: the active generation is a newer release's.
        """
        generation = await take_turn(connection)
        if generation is not None:
            await write(connection, generation, touched_by(events))


async def take_turn(connection: Connection) -> int | None:
    """Wait for the turn, which lasts until the transaction ends; return the generation to write, None for none.

    Raises:
        ReplacedReleaseError: the active generation is a newer release's.
    """
    # A statement of its own: the next one must see what the other inbox had committed when the turn came.
    active = await connection.fetchrow(SQL["take_turn"])
    if active is None:
        await connection.execute(SQL["first_generation"], PROJECTION)
        return 1
    number, version, frozen = active
    if frozen and version != PROJECTION:
        return None
    if version != PROJECTION:
        raise ReplacedReleaseError(f"generation {number} is of projection {version}; this release has {PROJECTION}")
    return int(number)


async def write(connection: asyncpg.Connection, generation: int, touched: Touched) -> None:
    """Write what a batch changes in a generation; nobody else may be writing that generation."""
    if touched.rows:
        await _write_rows(connection, generation, touched)
    if touched.strata:
        await _write_strata(connection, generation, touched)
    if touched.definitions:
        await connection.execute(SQL["write_definitions"], generation, *rows.definition_columns(touched.definitions))
    if touched.register:
        await connection.execute(SQL["write_register_measures"], generation, *register_columns(touched.register))
    if touched.chronicle:
        await connection.execute(SQL["write_chronicle"], generation, *rows.entry_columns(touched.chronicle))


async def _write_rows(connection: asyncpg.Connection, generation: int, touched: Touched) -> None:
    keys = list(touched.rows)
    records = await connection.fetch(SQL["known_rows"], generation, *rows.key_columns(keys))
    known = {keys[place - 1]: rows.case_row_of(*columns) for place, *columns in records}
    changes = changes_of(touched.rows, known)
    if changes.rows:
        await connection.execute(
            SQL["write_changes"], generation, *rows.row_columns(changes.rows), *rows.cell_columns(changes.cells)
        )


async def _write_strata(connection: asyncpg.Connection, generation: int, touched: Touched) -> None:
    draws = list({key.draw for key in touched.strata})
    known = dict(map(rows.stratum_of, await connection.fetch(SQL["strata_of_draws"], generation, draws)))
    strata = {key: known[key] for key in touched.strata if key in known}
    keep_both(strata, touched.strata)
    await connection.execute(SQL["write_strata"], generation, *rows.stratum_columns(strata))
