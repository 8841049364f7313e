"""Every stored field stands in the record of processing, in both languages: no table is forgotten by its lawyers."""

import re
from collections.abc import Mapping
from pathlib import Path

import asyncpg
import pytest

from stickprov_findings.adapters.sql.migrations import FOLDERS as FINDINGS
from stickprov_kernel.database.migrations import LOG
from stickprov_reporting.adapters.sql.migrations import FOLDERS as REPORTING
from stickprov_sampler.app import SAMPLER

SECURITY = Path(__file__).parents[3] / "docs" / "security"
PAGES = ("record-of-processing.md", "record-of-processing.en.md")
SERVICES = {"sampler": (LOG, SAMPLER), "findings": FINDINGS, "reporting": REPORTING}
ROW = re.compile(r"^\| (?P<services>[a-z, ]+) \| `(?P<table>[a-z_.]+)` \| (?P<columns>[^|]+) \|")


def on_record(page: str) -> Mapping[tuple[str, str], set[str]]:
    """Return the columns that a page names, by service and table."""
    found: dict[tuple[str, str], set[str]] = {}
    for line in (SECURITY / page).read_text(encoding="utf-8").splitlines():
        row = ROW.match(line)
        if row:
            for service in row["services"].split(", "):
                found[service, row["table"]] = set(re.findall(r"`([^`]+)`", row["columns"]))
    return found


@pytest.mark.parametrize("service", SERVICES)
async def test_every_table_and_column_of_a_service_is_on_record(new_database, service):
    database = await new_database(*SERVICES[service])
    connection = await asyncpg.connect(database.owner_url)
    records = await connection.fetch(
        "SELECT table_schema, table_name, column_name FROM information_schema.columns "
        "JOIN information_schema.tables USING (table_schema, table_name) "
        "WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"
    )
    await connection.close()
    stored: dict[tuple[str, str], set[str]] = {}
    for schema, table, column in records:
        name = table if schema == "public" else f"{schema}.{table}"
        stored.setdefault((service, name), set()).add(column)

    for page in PAGES:
        assert {key: names for key, names in on_record(page).items() if key[0] == service} == stored, page
