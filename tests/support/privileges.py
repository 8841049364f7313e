"""What each service's role may do in its database, as PostgreSQL itself has it; and the page that says so."""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import asyncpg

from stickprov_findings.adapters.sql import migrations as findings
from stickprov_kernel.database.migrations import LOG, MigrationFolder, migrate
from stickprov_reporting.adapters.sql import migrations as reporting
from stickprov_sampler.app import SAMPLER
from support.postgres import Database, running_postgres

PAGE = "docs/reference/database-privileges.md"
COMPONENTS: Mapping[str, Sequence[MigrationFolder]] = {
    "sampler": [LOG, SAMPLER],
    "findings": findings.FOLDERS,
    "reporting": reporting.FOLDERS,
}

_HEAD = """# What each service may do in its database

The rights of a service's own role (`stickprov_<service>`), table by table, as PostgreSQL has them after the migrations.
It owns nothing, makes no table, not even a temporary one, and nobody else but the owner, who migrates, may enter. Large
objects, and the databases `postgres` and `template1`, are everybody's until a superuser takes them away: the local
stack does at every start, elsewhere whoever makes the databases ([runbook](../runbook/tls-and-roles.md)). In a table
that is marked *insert only* a trigger refuses every change, the owner's too. Columns in brackets are the only ones that
a right is for. This page is generated; `make reference` makes it again, a test looks.
"""

_TABLES = """
    WITH granted AS (
        SELECT pg_class.oid AS relation, entry.privilege_type, NULL AS column_name
        FROM pg_class, aclexplode(relacl) AS entry WHERE entry.grantee = $1::regrole
        UNION ALL
        SELECT attrelid, entry.privilege_type, attname
        FROM pg_attribute, aclexplode(attacl) AS entry WHERE entry.grantee = $1::regrole
    ), said AS (
        SELECT relation,
            privilege_type || coalesce(' (' || string_agg(column_name, ', ' ORDER BY column_name) || ')', '') AS said
        FROM granted GROUP BY relation, privilege_type, column_name IS NULL
    )
    SELECT CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END || relname AS name,
        coalesce((SELECT string_agg(said, ', ' ORDER BY said) FROM said WHERE relation = pg_class.oid), '') AS rights,
        EXISTS (SELECT FROM pg_trigger
            WHERE tgrelid = pg_class.oid AND tgname LIKE 'insert\\_only%' AND tgenabled = 'A') AS insert_only
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND nspname !~ '^(pg_|information_schema)'
    ORDER BY 1
"""


async def rights(database: Database) -> list[tuple[str, str, bool]]:
    """Return each table with the service's rights on it, and whether a trigger lets nobody change its rows."""
    connection = await asyncpg.connect(database.superuser_url)
    try:
        rows = await connection.fetch(_TABLES, database.service_role)
    finally:
        await connection.close()
    return [(row["name"], row["rights"], row["insert_only"]) for row in rows]


def document(by_service: Mapping[str, Sequence[tuple[str, str, bool]]]) -> str:
    """Return the page."""
    parts = [_HEAD]
    for service, tables in by_service.items():
        parts.append(f"\n## {service.capitalize()}\n\n| Table | Rights | |\n|---|---|---|\n")
        parts += [f"| `{name}` | {given} | {'insert only' if kept else ''} |\n" for name, given, kept in tables]
    return "".join(parts)


async def _all() -> str:
    with tempfile.TemporaryDirectory(prefix="stickprov-") as folder, running_postgres(Path(folder) / "p") as server:
        found = {}
        for service, components in COMPONENTS.items():
            database = await server.create_database()
            await migrate(database.owner_url, database.service_role, components)
            found[service] = await rights(database)
    return document(found)


def page() -> str:
    """Return the page, from databases made for it."""
    return asyncio.run(_all())
