"""Real servers for the bench, apart from pytest: one PostgreSQL and one broker in a folder that goes away after."""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from support.broker import Broker
from support.postgres import Database, PostgresServer, running_postgres


class BenchDatabase(Database):
    """A fresh database, also in the words of a peer's settings."""

    def as_library_environment(self) -> dict[str, str]:
        """Return what the ``eventsourcing`` library wants to know."""
        url = urlsplit(self.owner_url)
        return {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": url.path.lstrip("/"),
            "POSTGRES_HOST": unquote(url.query.partition("host=")[2].partition("&")[0]),
            "POSTGRES_PORT": "5432",
            "POSTGRES_USER": url.username or "",
            "POSTGRES_PASSWORD": "none-needed",
        }


class Servers:
    """Starts PostgreSQL at once, a broker when asked for; stops both at the end of the block."""

    def __enter__(self) -> Self:
        self._exit = ExitStack()
        self._folder = Path(tempfile.mkdtemp(prefix="stickprov-bench-"))
        self._exit.callback(shutil.rmtree, self._folder, ignore_errors=True)
        self._postgres: PostgresServer = self._exit.enter_context(
            running_postgres(self._folder / "postgres", durable=True)
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._exit.close()

    async def database(self) -> BenchDatabase:
        """Return a fresh database; all of them go with the server."""
        fresh = await self._postgres.create_database()
        return BenchDatabase(**fresh.__dict__)

    def broker(self) -> Broker:
        """Return a running broker of its own."""
        folder = self._folder / "broker"
        folder.mkdir()
        broker = Broker(folder)
        broker.start()
        self._exit.callback(broker.close)
        return broker
