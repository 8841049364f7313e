"""A running findings service without a broker; the sampler's log is brought to it by hand."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from stickprov_findings.adapters.sql.migrations import FOLDERS
from support.findings_service import FindingsService, running_findings
from support.postgres import Database


@pytest.fixture
async def database(new_database) -> Database:
    return await new_database(*FOLDERS)


@pytest.fixture
async def service(database: Database, tmp_path: Path, free_port) -> AsyncIterator[FindingsService]:
    async with running_findings(database, tmp_path, f"127.0.0.1:{free_port()}") as running:
        yield running
