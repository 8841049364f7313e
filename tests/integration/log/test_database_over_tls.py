"""Over a network every connection of ours is encrypted, and goes to the host that was meant or nowhere."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from stickprov_kernel.database.migrations import LOG, migrate
from stickprov_kernel.database.pool import open_pool
from stickprov_kernel.log.leadership import Leadership
from stickprov_kernel.log.sequencer import Sequencer
from stickprov_kernel.log.signal import LogSignal
from stickprov_kernel.tracebacks import safe_traceback
from stickprov_local.ports import LOOPBACK
from support.certificates import Authority
from support.log import append, command, finding, open_log
from support.postgres import Database, PostgresServer
from support.tls_front import TlsFront, tls_front
from support.waiting import eventually


@dataclass
class OverTls:
    """Reaches a database over TLS, as one who believes an authority and means a host."""

    front: TlsFront
    believed: Path
    host: str = "localhost"
    mode: str = "verify-full"

    def url(self, role: str, database: str) -> str:
        address = f"{self.host}:{self.front.port}"
        return f"postgresql://{role}@{address}/{database}?sslmode={self.mode}&sslrootcert={self.believed}"

    def of(self, database: Database) -> Database:
        """Return the database as it is reached over TLS."""
        owner, service = (str(urlsplit(url).username) for url in (database.owner_url, database.service_url))
        return replace(database, owner_url=self.url(owner, database.name), service_url=self.url(service, database.name))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def reached(postgres_server: PostgresServer, authority: Authority) -> AsyncIterator[OverTls]:
    (folder,) = parse_qs(urlsplit(postgres_server.url()).query)["host"]
    async with tls_front(Path(folder) / ".s.PGSQL.5432", authority.certify("localhost")) as front:
        yield OverTls(front, authority.file)


async def test_every_kind_of_connection_is_encrypted(reached: OverTls, new_database):
    database = reached.of(await new_database())
    async with open_log(database) as log, log.signal.listening(database.service_url):
        sequencing = asyncio.create_task(Sequencer(database.service_url, log.signal).run())
        await log.store.commit(command(), [append("s", 0, finding(1))], b"")

        async def sequenced() -> bool:
            return (await log.reader.head()).position == 1

        await eventually(sequenced, what="a place in the log")
        async with Leadership(database.service_url, 4711).held():
            pass
        sequencing.cancel()
        with suppress(asyncio.CancelledError):
            await sequencing

    # The migration, the pool, LISTEN, the sequencer's leadership, and one more.
    assert reached.front.encrypted >= 5
    assert reached.front.turned_away == 0


async def refused(url: str, *errors: type[Exception]) -> None:
    """Try every way that a service connects in."""
    with pytest.raises(errors):
        await open_pool(url)
    with pytest.raises(errors):
        await migrate(url, "test_service", [LOG])
    with pytest.raises(errors):
        async with Leadership(url, 1).held():
            pass
    with pytest.raises(errors):
        await LogSignal()._exchange_once(url)


async def test_a_server_whose_certificate_names_another_host_is_refused(reached: OverTls):
    url = replace(reached, host="127.0.0.1").url("test_service", "test_1")
    await refused(url, ssl.SSLCertVerificationError)

    with pytest.raises(ssl.SSLCertVerificationError) as refusal:
        await open_pool(url)
    assert "certificate is not valid for '127.0.0.1'" in safe_traceback(refusal.value)


async def test_a_server_that_an_unknown_authority_vouches_for_is_refused(reached: OverTls, tmp_path: Path):
    unknown = Authority(tmp_path, "unknown authority")
    await refused(replace(reached, believed=unknown.file).url("test_service", "test_1"), ssl.SSLCertVerificationError)


async def test_a_server_that_takes_tls_alone_turns_away_who_speaks_in_the_clear(reached: OverTls):
    url = replace(reached, mode="disable").url("test_service", "test_1")
    await refused(url, OSError, asyncpg.PostgresConnectionError)
    assert (reached.front.turned_away, reached.front.encrypted) == (4, 0)


async def test_whoever_says_that_there_is_no_tls_hears_nothing_more(reached: OverTls):
    heard = []

    async def have_none(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(65536))
        writer.write(b"N")
        heard.append(await reader.read(65536))
        writer.close()

    server = await asyncio.start_server(have_none, LOOPBACK, 0)
    reached.front.port = server.sockets[0].getsockname()[1]
    async with server:
        await refused(reached.url("test_service", "test_1"), OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
    assert len(heard[0]) == 8  # the question for TLS
    assert "test_service" not in str(heard)
