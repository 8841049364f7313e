"""What comes, goes or is being worked on while a backup is made."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from stickprov_backup.checking import check
from stickprov_backup.errors import BackupError, BackupRefusedError
from stickprov_backup.making import make
from stickprov_backup.places import Places
from support.postgres import Database, PostgresServer, running_postgres
from support.privileges import COMPONENTS

_FORGOTTEN = """
    INSERT INTO event (id, stream, version, type, schema_version, time, actor, correlation_id, envelope, data)
    VALUES ($1::uuid, 'forgotten/' || $1::uuid, 1, 'stickprov.sampler.cases-forgotten.v1', 1, now(), 'somebody',
            $1::uuid, '', '{}')
"""


@pytest.fixture(scope="module")
def server(session_folder: Path) -> Iterator[PostgresServer]:
    with running_postgres(session_folder / "backed-up") as server:
        yield server


@pytest.fixture(scope="module")
def databases(server: PostgresServer) -> dict[str, Database]:
    async def made() -> dict[str, Database]:
        return {service: await server.create_database(*components) for service, components in COMPONENTS.items()}

    return asyncio.run(made())


@pytest.fixture
def places(server: PostgresServer, databases: dict[str, Database], tmp_path: Path) -> Places:
    folders = {name: tmp_path / name for name in ("frames", "vault")}
    for folder in folders.values():
        folder.mkdir()
    keys = tmp_path / "master.keys"
    keys.write_text(f"2026-03 {'ab' * 32}\n")
    return Places(
        of="services",
        servers=[server.url()],
        databases={service: database.superuser_url for service, database in databases.items()},
        folders=folders,
        staff_key="cd" * 32,
        master={"sampler": keys, "findings": keys},
    )


def forget_somebody(database: Database) -> None:
    """Have the log say that somebody was forgotten, after which files go."""

    async def forgotten() -> None:
        connection = await asyncpg.connect(database.superuser_url)
        try:
            await connection.execute(_FORGOTTEN, uuid4())
        finally:
            await connection.close()

    asyncio.run(forgotten())


def test_a_file_that_comes_while_the_server_is_copied_is_in_the_backup(places: Places, tmp_path: Path):
    (places.folders["vault"] / "early.sealed").write_bytes(b"early")

    def tell(line: str) -> None:
        if line.startswith("1 files of frames"):
            (places.folders["vault"] / "late.sealed").write_bytes(b"late")

    backup = make(places, tmp_path / "backups", tell)

    assert {file.path for file in check(backup).files} >= {"vault/early.sealed", "vault/late.sealed"}


def test_a_backup_is_made_again_when_files_went_meanwhile(
    places: Places, databases: dict[str, Database], tmp_path: Path
):
    (places.folders["vault"] / "old.sealed").write_bytes(b"old")
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        if len(told) == 1:
            forget_somebody(databases["sampler"])
            (places.folders["vault"] / "old.sealed").unlink()
            (places.folders["vault"] / "new.sealed").write_bytes(b"new")

    backup = make(places, tmp_path / "backups", tell)

    held = {file.path for file in check(backup).files}
    assert "An erasure went on meanwhile; once more." in told
    assert "vault/new.sealed" in held
    assert "vault/old.sealed" not in held


def test_a_backup_that_erasures_never_let_be_leaves_nothing(
    places: Places, databases: dict[str, Database], tmp_path: Path
):
    def tell(line: str) -> None:
        if line.startswith("PostgreSQL server"):
            forget_somebody(databases["sampler"])

    with pytest.raises(BackupError, match="Erasures went on during each of 3 attempts"):
        make(places, tmp_path / "backups", tell)

    assert list((tmp_path / "backups").iterdir()) == []


def test_a_register_that_is_being_read_is_in_no_backup(places: Places, tmp_path: Path):
    work = places.folders["vault"] / ".work" / "1"
    work.mkdir(parents=True)
    (work / "clear.csv").write_text("19121212-1212")

    backup = make(places, tmp_path / "backups", lambda _: None)

    assert not [path for path in backup.rglob("*") if path.is_file() and b"19121212-1212" in path.read_bytes()]


def test_a_backup_among_what_it_backs_up_is_refused(places: Places):
    with pytest.raises(BackupRefusedError, match="is backed up; choose a folder on another disk"):
        make(places, places.folders["vault"] / "backups", lambda _: None)
