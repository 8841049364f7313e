"""Protected identities: which cases have one, told to services.

What must not break: the vault alone knows it. No event, no stored answer and no log line says whose it is.
"""

from dataclasses import dataclass
from typing import Final

import asyncpg

from stickprov_contracts.http.protections import ProtectedCases
from stickprov_kernel.database.queries import load_queries

SQL: Final = load_queries(__package__, "protections.sql")


@dataclass(frozen=True, slots=True)
class Protecting:
    """The one way to whose identity is protected."""

    pool: asyncpg.Pool

    async def cases(self) -> ProtectedCases:
        """Return every case whose identity is protected, with how far the log had come at that moment."""
        row = await self.pool.fetchrow(SQL["protected_cases"])
        if row is None:
            raise RuntimeError("a statement without FROM gives a row")
        return ProtectedCases(position=row["position"], cases=row["cases"])
