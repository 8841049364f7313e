"""A service's own role can do what its page says and nothing more, whatever it tries; others cannot even enter."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from stickprov_kernel.database.migrations import migrate
from support.postgres import Database
from support.privileges import COMPONENTS, PAGE, document, rights
from support.reference import ROOT

REFUSED = asyncpg.InsufficientPrivilegeError
ANYWHERE = (
    "CREATE TABLE mine ()",
    "CREATE TEMPORARY TABLE mine ()",
    "CREATE VIEW mine AS SELECT 1",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql RETURN 1",
    "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql RETURN 1",
    "CREATE EXTENSION plperl",
    "CREATE ROLE mine",
    "CREATE DATABASE mine",
    "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION refuse()",
    "SET session_replication_role = replica",
    "SET ROLE test_owner",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION test_owner",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER SYSTEM SET fsync = off",
    "ALTER SCHEMA public OWNER TO CURRENT_USER",
    "GRANT test_owner TO CURRENT_USER",
    "REASSIGN OWNED BY test_owner TO CURRENT_USER",
    "DROP OWNED BY test_owner",
    "DROP SCHEMA public CASCADE",
    "COPY (SELECT 1) TO '/tmp/mine'",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT rolpassword FROM pg_authid",
    "SELECT lo_import('postgresql.conf')",
    "SELECT * FROM schema_migration",
    "UPDATE pg_class SET relowner = 10",
)
# Each with the table and one of its columns.
ON_A_TABLE_OF_FACTS = (
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "TRUNCATE {table} CASCADE",
    "MERGE INTO {table} USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE",
    "MERGE INTO {table} USING (SELECT 1) AS one ON true WHEN MATCHED THEN UPDATE SET {column} = {column}",
    "WITH gone AS (DELETE FROM {table} RETURNING *) SELECT * FROM gone",
    "SELECT * FROM {table} FOR UPDATE",
    "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    "DROP TABLE {table}",
    "DROP TABLE {table} CASCADE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE TRIGGER insert_only",
    "ALTER TABLE {table} ENABLE REPLICA TRIGGER insert_only",
    "DROP TRIGGER insert_only ON {table}",
    "ALTER TRIGGER insert_only ON {table} RENAME TO mine",
    "ALTER TABLE {table} RENAME TO mine",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "ALTER TABLE {table} ADD COLUMN mine int",
    "ALTER TABLE {table} DROP COLUMN {column}",
    "ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT NULL",
    "ALTER TABLE {table} SET UNLOGGED",
    "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
    "CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "CREATE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE INDEX ON {table} ({column})",
    "CREATE POLICY mine ON {table} USING (false)",
    "COPY {table} FROM '/tmp/mine'",
    "COPY {table} FROM PROGRAM 'true'",
    "COPY {table} TO PROGRAM 'true'",
    "CLUSTER {table} USING {table}_pkey",
)
FACTS = {
    "sampler": ["checkpoint", "checkpoint_key", "command", "event", "ledger", "tree"],
    "findings": ["checkpoint", "checkpoint_key", "command", "event", "inbox_event", "ledger", "tree"],
    "reporting": ["inbox_event"],
}


@pytest.fixture(params=COMPONENTS)
async def database(request: pytest.FixtureRequest, new_database) -> Database:
    made = await new_database(*COMPONENTS[request.param])
    await migrate(made.owner_url, made.service_role, COMPONENTS[request.param])
    return made


@pytest.fixture
def service(request: pytest.FixtureRequest) -> str:
    return request.node.callspec.params["database"]


@pytest.fixture
async def own(database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.service_url)
    yield connection
    await connection.close()


async def is_refused(connection: asyncpg.Connection, statement: str) -> bool:
    """Try a statement and tell whether it was refused; an error that is no refusal of rights is told."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(statement)
    except REFUSED:
        return True
    except asyncpg.PostgresError as error:
        # A table without what the statement is about (no such index, a partitioned table) is no less refused.
        return not isinstance(error, asyncpg.PostgresSyntaxError)
    finally:
        await transaction.rollback()
    return False


async def test_the_role_has_the_rights_of_its_page_and_no_more(database: Database, service: str):
    _, _, section = document({service: await rights(database)}).partition("\n## ")

    assert section in (ROOT / PAGE).read_text(encoding="utf-8"), "run `make reference`"


async def test_every_table_of_facts_is_known(database: Database, service: str):
    assert sorted(name for name, _, kept in await rights(database) if kept) == FACTS[service]


async def test_no_table_of_facts_can_be_changed_by_the_services_own_role(
    database: Database, own: asyncpg.Connection, service: str
):
    for table in FACTS[service]:
        column = await own.fetchval(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::regclass AND attnum = 1", table
        )
        for attempt in ON_A_TABLE_OF_FACTS:
            assert await is_refused(own, attempt.format(table=table, column=column)), (table, attempt)
        # PostgreSQL takes this with a warning, and gives nothing.
        await own.execute(f"GRANT ALL ON {table} TO CURRENT_USER WITH GRANT OPTION")
        assert not await own.fetchval("SELECT has_table_privilege($1, 'UPDATE, DELETE, TRUNCATE')", table)


async def test_an_insert_that_would_change_a_row_on_conflict_is_refused(own: asyncpg.Connection, service: str):
    table = FACTS[service][0]
    column = await own.fetchval(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::regclass AND attnum = 1", table
    )
    statement = f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT DO UPDATE SET {column} = 1"
    assert await is_refused(own, statement.replace("CONFLICT", f"CONFLICT ON CONSTRAINT {table}_pkey"))


async def test_the_role_makes_nothing_becomes_nobody_and_reads_no_file(own: asyncpg.Connection):
    for attempt in ANYWHERE:
        with pytest.raises(asyncpg.PostgresError) as refusal:
            async with own.transaction():
                await own.execute(attempt)
        assert not isinstance(refusal.value, asyncpg.PostgresSyntaxError), attempt


async def test_the_role_owns_nothing_and_is_a_member_of_nobody(own: asyncpg.Connection):
    role = "(SELECT oid FROM pg_roles WHERE rolname = current_user)"
    assert await own.fetchval(f"SELECT count(*) FROM pg_class WHERE relowner = {role}") == 0
    assert await own.fetchval(f"SELECT count(*) FROM pg_proc WHERE proowner = {role}") == 0
    assert await own.fetchval(f"SELECT count(*) FROM pg_auth_members WHERE member = {role}") == 0
    attributes = await own.fetchrow(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles"
        " WHERE rolname = current_user"
    )
    assert not any(attributes)


async def test_whoever_else_has_an_account_at_the_server_cannot_enter(database: Database, postgres_server):
    administrator = await asyncpg.connect(postgres_server.url())
    try:
        await administrator.execute("CREATE ROLE test_stranger LOGIN")
        with pytest.raises(REFUSED):
            await asyncpg.connect(postgres_server.url("test_stranger", database.name))
    finally:
        await administrator.execute("DROP ROLE test_stranger")
        await administrator.close()


async def test_nothing_is_left_to_everybody(database: Database):
    connection = await asyncpg.connect(database.superuser_url)
    try:
        to_everybody = await connection.fetch(
            "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace,"
            " aclexplode(relacl) AS entry WHERE entry.grantee = 0 AND nspname !~ '^(pg_|information_schema)'"
            " UNION ALL SELECT nspname FROM pg_namespace, aclexplode(nspacl) AS entry"
            " WHERE entry.grantee = 0 AND nspname !~ '^(pg_|information_schema)'"
            " UNION ALL SELECT proname FROM pg_proc WHERE has_function_privilege('public', pg_proc.oid, 'EXECUTE')"
            " AND pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)')"
        )
    finally:
        await connection.close()
    assert to_everybody == []


async def test_closing_twice_changes_not_even_the_catalog(database: Database, service: str):
    async def catalog() -> list[asyncpg.Record]:
        connection = await asyncpg.connect(database.superuser_url)
        try:
            return await connection.fetch(
                "SELECT xmin::text, nspname::text AS name FROM pg_namespace UNION ALL"
                " SELECT xmin::text, datname::text FROM pg_database WHERE datname = current_database() ORDER BY 2, 1"
            )
        finally:
            await connection.close()

    before = await catalog()
    await migrate(database.owner_url, database.service_role, COMPONENTS[service])
    assert await catalog() == before
