"""Gives a migrated database back as it was, so that the next test need not have one copied file by file.

What must not break: a test never finds anything of another's. So a database is cleaned only if its catalog is the one
of the database it was copied from, and what the migrations put into its tables is all there and nothing else.
"""

from dataclasses import dataclass
from typing import Final

import asyncpg

# What a statement of the data definition language touches, by the transactions that wrote its rows.
_CATALOG: Final = (
    *("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_trigger", "pg_rewrite", "pg_proc"),
    *("pg_type", "pg_namespace", "pg_policy", "pg_event_trigger", "pg_default_acl", "pg_extension", "pg_statistic_ext"),
)
_FINGERPRINT: Final = " UNION ALL ".join(
    f"SELECT count(*) || ' ' || coalesce(sum(xmin::text::bigint), 0) AS one FROM {table}" for table in _CATALOG
)
_RELATIONS: Final = """
    SELECT relkind = 'S' AS is_sequence, format('%I.%I', nspname, relname) AS name
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'S') AND nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 2
"""
_OTHERS: Final = """
    SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_OWN_SETTINGS: Final = """
    SELECT count(*) FROM pg_db_role_setting
    WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


_FORGET: Final = """
    SELECT pg_clear_relation_stats(nspname::text, relname::text)
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE format('%I.%I', nspname, relname) = ANY ($1::text[]) AND reltuples >= 0
"""
_TRIGGERS: Final = """
    SELECT format('%I.%I', nspname, relname) AS name, quote_ident(tgname) AS trigger
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE NOT tgisinternal AND tgenabled = 'A'
"""


@dataclass(frozen=True)
class Pattern:
    """How a database was right after its migrations.

    Attributes:
        empty: tables without a row. filled: a digest of the others' rows.
        sequences: none of which has been asked.
        triggers: by table, those that refuse changes whoever asks.
    """

    empty: tuple[str, ...]
    filled: dict[str, str]
    sequences: tuple[str, ...]
    triggers: dict[str, list[str]]


async def catalog_of(url: str) -> str:
    """Return what changes with a table, a right, a trigger and so on.

    Args:
        url: connection string of a role that may do everything.
    """
    connection = await asyncpg.connect(url)
    try:
        return await _catalog(connection)
    finally:
        await connection.close()


async def pattern_of(url: str) -> Pattern:
    """Return how a database is.

    Args:
        url: connection string of a role that may do everything.
    """
    connection = await asyncpg.connect(url)
    try:
        relations = await connection.fetch(_RELATIONS)
        tables = [row["name"] for row in relations if not row["is_sequence"]]
        sequences = tuple(row["name"] for row in relations if row["is_sequence"])
        filled = await _filled(connection, tables)
        digests = {table: await _digest(connection, table) for table in filled}
        empty = tuple(table for table in tables if table not in filled)
        triggers: dict[str, list[str]] = {}
        for row in await connection.fetch(_TRIGGERS):
            triggers.setdefault(row["name"], []).append(row["trigger"])
        return Pattern(empty, digests, sequences, triggers)
    finally:
        await connection.close()


async def cleaned(url: str, pattern: Pattern, catalog: str) -> str | None:
    """Empty a database of what a test left; return its catalog, or None where it cannot be as its pattern again.

    Args:
        url: connection string of a role that may do everything.
        pattern: of the database it was copied from.
        catalog: its own before the test.
    """
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_OTHERS)
        if await connection.fetchval(_OWN_SETTINGS) or await _catalog(connection) != catalog:
            return None
        for table, digest in pattern.filled.items():
            if await _digest(connection, table) != digest:
                return None
        left = await _filled(connection, pattern.empty)
        resets = [f"SELECT setval('{name}', 1, false)" for name in pattern.sequences]
        deletions = [statement for table in left for statement in _deletion(table, pattern.triggers.get(table, []))]
        async with connection.transaction():
            await connection.execute("; ".join([*deletions, *resets]) or "SELECT")
        for table in left:
            await connection.execute(f"VACUUM {table}")
        # A new table has no statistics; the planner takes one that is known to be empty for another thing.
        await connection.execute(_FORGET, list(pattern.empty))
        return await _catalog(connection)
    finally:
        await connection.close()


def _deletion(table: str, triggers: list[str]) -> list[str]:
    """Return what deletes all rows of a table, TRUNCATE excepted, which makes new files."""
    return [
        *(f"ALTER TABLE {table} DISABLE TRIGGER {name}" for name in triggers),
        f"DELETE FROM {table}",
        *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}" for name in triggers),
    ]


async def _catalog(connection: asyncpg.Connection) -> str:
    return " ".join(row["one"] for row in await connection.fetch(_FINGERPRINT))


async def _filled(connection: asyncpg.Connection, tables: tuple[str, ...] | list[str]) -> list[str]:
    """Return those of some tables that have a row."""
    if not tables:
        return []
    each = " UNION ALL ".join(f"SELECT '{name}' AS name WHERE EXISTS (SELECT FROM {name})" for name in tables)
    return [row["name"] for row in await connection.fetch(each)]


async def _digest(connection: asyncpg.Connection, table: str) -> str:
    digest = await connection.fetchval(f"SELECT md5(string_agg(one::text, '|' ORDER BY one::text)) FROM {table} AS one")
    return str(digest)
