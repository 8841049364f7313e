"""The databases behind a running stack, for tests that need a state that nobody comes to on purpose."""

from pathlib import Path

import asyncpg

from stickprov_local.postgres import Postgres
from support.review_cases import run_apart


def change_database(data: Path, service: str, statement: str, *values: object) -> None:
    """Run a statement in a service's database as its owner.

    Args:
        data: the stack's folder.
        service: such as ``reporting``.
        statement: SQL. values: its parameters.
    """
    url = Postgres(data / "postgres", data / "unused.log").url(f"stickprov_{service}_owner", f"stickprov_{service}")

    async def changed() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(statement, *values)
        finally:
            await connection.close()

    run_apart(changed())
