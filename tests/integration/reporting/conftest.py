"""A reporting database that hears both logs, without the network around it."""

from collections.abc import AsyncIterator

import pytest

from stickprov_reporting.adapters.sql.migrations import FOLDERS
from support.projected import Reporting, open_reporting


@pytest.fixture
async def reporting(new_database) -> AsyncIterator[Reporting]:
    async with open_reporting(await new_database(*FOLDERS)) as opened:
        yield opened
