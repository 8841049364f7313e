"""Fixtures for every test, and a marker by folder.

PostgreSQL and the broker start when the first test asks for them and serve the whole session; each test works in a
database of its own.
"""

import gc
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stickprov_kernel.database.migrations import MigrationFolder
from stickprov_local.ports import free_port as find_free_port
from support.brokers import AnyBroker, apache_is_wanted, started_broker
from support.postgres import Database, PostgresServer, running_postgres

pytest_plugins = ["support.played_stack", "support.whole_stacks"]

# Each test builds an application with thousands of objects that live until its end; looking through all of them again
# and again would take a sixth of the time.
gc.set_threshold(50_000, 20, 50)

_HERE = Path(__file__).parent
# Fixtures that give a test its broker: on Apache Kafka, only tests that use one are worth running.
_BROKERS = frozenset({"broker", "own_broker", "kafka", "module_kafka"})
_FOLDER_MARKERS = ("unit", "contract", "integration", "e2e", "browser", "oidc", "ops", "kafka", "docker")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--pictures",
        metavar="FOLDER",
        type=Path,
        help="where browser tests put a picture of each page of the reviewing, by name, width and theme",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(_HERE).parts[0] if item.path.is_relative_to(_HERE) else ""
        if folder in _FOLDER_MARKERS:
            item.add_marker(folder)
    if apache_is_wanted():
        elsewhere = [item for item in items if not _talks_to_a_broker(item)]
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if _talks_to_a_broker(item)]


def _talks_to_a_broker(item: pytest.Item) -> bool:
    return not _BROKERS.isdisjoint(getattr(item, "fixturenames", ()))


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    # Not pytest's own folders: a unix socket's path must be short, and PostgreSQL's user must be let in.
    folder = Path(tempfile.mkdtemp(prefix="stickprov-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def session_folder() -> Iterator[Path]:
    with _temporary_folder() as folder:
        yield folder


@pytest.fixture
def short_folder() -> Iterator[Path]:
    with _temporary_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def postgres_server(session_folder: Path) -> Iterator[PostgresServer]:
    with running_postgres(session_folder / "postgres") as server:
        yield server


@pytest.fixture
async def new_database(postgres_server: PostgresServer) -> AsyncIterator[Callable[..., Awaitable[Database]]]:
    made: list[Database] = []

    async def make(*components: MigrationFolder) -> Database:
        database = await postgres_server.create_database(*components)
        made.append(database)
        return database

    yield make
    for database in made:
        await postgres_server.drop_database(database)


@pytest.fixture(scope="session")
def broker(session_folder: Path) -> Iterator[AnyBroker]:
    shared = started_broker(session_folder / "broker")
    yield shared
    shared.close()


@pytest.fixture
def own_broker(short_folder: Path) -> Iterator[AnyBroker]:
    own = started_broker(short_folder / "broker")
    yield own
    own.close()


@pytest.fixture
def free_port() -> Callable[[], int]:
    return find_free_port
