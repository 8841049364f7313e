"""A backup is made while somebody submits, the data are destroyed, and the audit of what is restored says the same."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import aclosing, closing
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from types import MappingProxyType
from uuid import uuid4

import pytest

from stickprov_client.api import Services
from stickprov_client.api.findings import ReviewKey
from stickprov_client.api.reporting import Positions
from stickprov_contracts.http.findings import CorrectFinding, QueueItem
from stickprov_contracts.http.sampler import CaseIdentity, Draw, MakeDraw, ShowIdentity
from stickprov_contracts.http.statistics import Statistics
from stickprov_contracts.log import LogHead
from stickprov_local.postgres import Postgres
from support.commands import run_command
from support.control import CONTROL_POINT, END, START, prepare, queue_of, review, statistics_of
from support.stack import LocalStack
from support.waiting import wait_until

DRAWN = 10


def backup(*words: str | Path, settings: Mapping[str, str] = MappingProxyType({})) -> CompletedProcess[str]:
    """Run the command as an operator does."""
    return run_command(["backup", *map(str, words)], {"PATH": os.environ["PATH"], "STICKPROV_LANG": "en", **settings})


@dataclass
class Kept:
    """What is left of a stack that was destroyed, and what somebody knew of it.

    Attributes:
        backup: made while corrections went on. keys: the folder of keys.
        told: what the command said.
        draws: that were made. case: of whom, and identity: who that is.
        before: the logs when the backup began. afterwards: the findings log when it had ended.
        known: the positions of the figures. statistics, digest: what they were. note: a checkpoint from then.
    """

    backup: Path
    keys: Path
    told: str
    draws: list[Draw]
    case: QueueItem
    identity: CaseIdentity
    before: LogHead
    afterwards: LogHead
    known: Positions
    statistics: Statistics
    digest: str
    note: bytes


@pytest.fixture(scope="module")
def folder(session_folder: Path) -> Path:
    made = session_folder / "backing-up"
    made.mkdir()
    return made


@pytest.fixture(scope="module")
def kept(folder: Path) -> Kept:
    (folder / "lost").mkdir()
    stack = LocalStack(folder / "lost")
    with closing(stack):
        stack.start()
        kept = asyncio.run(_played(stack, folder))
    wait_until(stack.is_deserted, bound=60, what="that nothing of the stack runs")
    shutil.rmtree(stack.data)
    return kept


async def _played(stack: LocalStack, folder: Path) -> Kept:
    """Play a control, back it up while somebody corrects, and submit more."""
    async with stack.services() as services:
        reviewer, auditor = (stack.signed_in_as(services, name) for name in ("reviewer-01", "auditor"))
        draws = await prepare(services, folder, size=200, drawn=DRAWN)
        items = await queue_of(services, 2 * DRAWN)
        for item in items[:DRAWN]:
            await review(reviewer, item, uuid4())
        identity = await _who(services, items[0])
        statistics = await statistics_of(services, DRAWN)
        replay = await auditor.reporting.replays(START, END, [CONTROL_POINT])
        positions = {source: (await services.own_log(source).head()).position for source in ("sampler", "findings")}
        await auditor.own_log("findings").make_checkpoint()
        note = await auditor.own_log("findings").note()

        before = await services.own_log("findings").head()
        made = asyncio.ensure_future(
            asyncio.to_thread(
                backup, "make", "--data", stack.data, "--to", folder / "backups", "--with-keys", folder / "keys"
            )
        )
        async with aclosing(_corrections(reviewer, items[0])) as corrections:
            async for _ in corrections:
                if made.done():
                    break
        done = made.result()
        assert done.returncode == 0, done.stderr
        for item in items[DRAWN:]:
            await review(reviewer, item, uuid4())
        afterwards = await services.own_log("findings").head()
    return Kept(
        backup=next((folder / "backups").iterdir()),
        keys=folder / "keys",
        told=done.stdout,
        draws=draws,
        case=items[0],
        identity=identity,
        before=before,
        afterwards=afterwards,
        known=Positions(**positions),
        statistics=statistics,
        digest=replay.digest_replayed,
        note=note,
    )


async def _who(services: Services, item: QueueItem) -> CaseIdentity:
    asked = ShowIdentity(control_point=CONTROL_POINT, why="coordination")
    return await services.sampler.identity(item.draw, item.case, asked)


async def _corrections(reviewer: Services, item: QueueItem) -> AsyncIterator[int]:
    """Correct one finding over and over, each time with a reason that the vault seals; tell its version."""
    key = ReviewKey(item.draw, item.control_point, item.case)
    version = (await reviewer.findings.review(key)).version
    remark = item.order % 5 == 0
    while True:
        remark = not remark
        categories = ["deposits"] if remark else []
        correction = CorrectFinding(remark=remark, categories=categories, reason=f"Correction of version {version}")
        version = (await reviewer.findings.correct(key, correction, version=version)).version
        yield version


@pytest.fixture
def restored(kept: Kept, folder: Path) -> Iterator[LocalStack]:
    (folder / "new").mkdir()
    stack = LocalStack(folder / "new")
    done = backup("restore", kept.backup, "--data", stack.data, "--keys", kept.keys)
    assert done.returncode == 0, done.stderr
    with closing(stack):
        stack.start()
        yield stack


async def test_what_was_acknowledged_before_a_backup_began_is_restored_and_audited_as_it_was(
    kept: Kept, restored: LocalStack, tmp_path: Path
):
    async with restored.services() as services:
        auditor = restored.signed_in_as(services, "auditor")
        head = await services.own_log("findings").head()
        statistics = await services.reporting.statistics(CONTROL_POINT, START, END, positions=kept.known)
        now = await statistics_of(services, DRAWN)
        replay = await auditor.reporting.replays(START, END, [CONTROL_POINT])
        verified = [await auditor.own_log(source).verification() for source in ("sampler", "findings")]
        identity = await _who(services, kept.case)
        further = await services.sampler.make_draw(MakeDraw(frame=kept.draws[0].frame, n=3))
        await auditor.own_log("findings").make_checkpoint()
        newer = await auditor.own_log("findings").note()
    (tmp_path / "old.note").write_bytes(kept.note)
    (tmp_path / "new.note").write_bytes(newer)
    grown = restored_command(restored, "audit", "consistency", str(tmp_path / "old.note"), str(tmp_path / "new.note"))

    # All that was acknowledged when the backup began is there; what came after it had ended is not, and can be told.
    assert kept.before.position <= head.position < kept.afterwards.position
    assert statistics == kept.statistics
    assert now.total.reviewed == DRAWN
    assert (replay.verdict, replay.differences) == ("verified", [])
    assert {log.verdict for log in replay.logs} == {"verified"}
    assert {one.verdict for one in verified} == {"verified"}
    assert identity == kept.identity
    assert further.drawn == 3
    assert grown.returncode == 0, grown.stdout

    services = backup("make", "--services", "--to", tmp_path / "services", settings=_settings(restored.data))
    assert services.returncode == 0, services.stderr
    (made,) = (tmp_path / "services").iterdir()
    parts = {part: tmp_path / "parts" / part for part in ("postgres", "frames", "vault")}
    places = [word for part, place in parts.items() for word in (f"--{part}", place)]
    put = backup("restore", made, *places, "--owner", f"{os.getuid()}:{os.getgid()}")
    assert put.returncode == 0, put.stderr
    assert (parts["postgres"] / "backup_label").is_file()
    for part in ("frames", "vault"):
        assert _files(parts[part]) == _files(restored.data / part) != set()


def _settings(data: Path) -> dict[str, str]:
    """Return what services elsewhere are told, and who backs them up."""
    server = Postgres(data / "postgres", data / "unused.log")
    settings = {
        "STICKPROV_BACKUP_SERVER_URLS": server.url(),
        "STICKPROV_SAMPLER_STAFF_KEY_FILE": data / "keys/staff.key",
    }
    for part, setting in (("frames", "FRAME_FOLDER"), ("vault", "VAULT_FOLDER")):
        settings[f"STICKPROV_SAMPLER_{setting}"] = data / part
    for service in ("sampler", "findings", "reporting"):
        url = server.url(f"stickprov_{service}", f"stickprov_{service}")
        settings[f"STICKPROV_{service.upper()}_DATABASE_URL"] = url
        settings[f"STICKPROV_{service.upper()}_MASTER_KEYS"] = data / f"keys/master-{service}.keys"
    return {name: str(value) for name, value in settings.items()}


def _files(folder: Path) -> set[str]:
    inside = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {str(path) for path in inside if path.parts[0] != ".work"}


def test_settings_that_are_missing_are_all_named(tmp_path: Path):
    refused = backup("make", "--services", "--to", tmp_path / "backups")

    assert refused.returncode == 2
    for missing in (
        "STICKPROV_BACKUP_SERVER_URLS",
        "STICKPROV_FINDINGS_DATABASE_URL",
        "STICKPROV_SAMPLER_VAULT_FOLDER",
    ):
        assert missing in refused.stderr


def restored_command(stack: LocalStack, *words: str) -> CompletedProcess[str]:
    options = ("--url", stack.url, "--token-file", str(stack.data / "tokens" / "auditor.jwt"), "--lang", "en")
    return run_command([*options, *words], {"PATH": os.environ["PATH"]})


def test_a_backup_holds_no_key_and_says_so(kept: Kept):
    files = list(kept.keys.iterdir())
    secrets = [path.read_bytes().split()[-1] for path in files if path.name.startswith(("master-", "staff"))]
    secrets += [path.read_bytes().splitlines()[1] for path in files if path.suffix == ".pem"]
    held = b"".join(path.read_bytes() for path in sorted(kept.backup.rglob("*")) if path.is_file())

    assert "Not in it:\n  keys (master, checkpoint, staff, issuer)" in kept.told
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert [len(secret) for secret in secrets] == [64, 64, 64, 64, 64]
    assert not [secret for secret in secrets if secret in held]


@pytest.mark.parametrize(
    "part", ["vault/*", "frames/*/*", "server-1/base/*/PG_VERSION", "server-1/pg_wal/0*", "*.note"]
)
def test_a_backup_with_a_damaged_file_is_refused_by_the_files_name(kept: Kept, part: str, tmp_path: Path):
    copy = tmp_path / kept.backup.name
    shutil.copytree(kept.backup, copy)
    damaged = next(path for path in sorted(copy.rglob(Path(part).name)) if path.match(part) and path.is_file())
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.chmod(0o600)
    damaged.write_bytes(content)

    refused = backup("restore", copy, "--data", tmp_path / "new", "--keys", kept.keys)

    assert refused.returncode == 1
    assert damaged.name in refused.stderr
    assert not (tmp_path / "new").exists()


def test_a_manifest_that_was_edited_is_not_believed(kept: Kept, tmp_path: Path):
    copy = tmp_path / kept.backup.name
    shutil.copytree(kept.backup, copy)
    manifest = copy / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"release": "0', '"release": "1'))

    refused = backup("check", copy)

    assert refused.returncode == 1
    assert "manifest.json is not what it was" in refused.stderr


def test_a_folder_that_is_not_empty_is_left_as_it_is(kept: Kept, tmp_path: Path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "mine").write_text("mine")

    refused = backup("restore", kept.backup, "--data", tmp_path / "new", "--keys", kept.keys)

    assert refused.returncode == 2
    assert "new is not empty" in refused.stderr
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["mine"]


def test_keys_of_another_stack_are_refused(kept: Kept, tmp_path: Path):
    others = tmp_path / "keys"
    shutil.copytree(kept.keys, others)
    (others / "staff.key").write_text("ab" * 32)

    refused = backup("restore", kept.backup, "--data", tmp_path / "new", "--keys", others)

    assert refused.returncode == 2
    assert "is not the staff key of this backup" in refused.stderr


def test_a_stack_that_rests_is_backed_up_too_and_backups_are_listed_newest_first(kept: Kept, tmp_path: Path):
    assert backup("restore", kept.backup, "--data", tmp_path / "new", "--keys", kept.keys).returncode == 0

    within = backup("make", "--data", tmp_path / "new", "--to", tmp_path / "new" / "backups")
    again = backup("make", "--data", tmp_path / "new", "--to", tmp_path / "backups")
    shutil.copytree(kept.backup, tmp_path / "backups" / kept.backup.name)
    listed = backup("list", tmp_path / "backups")

    assert (within.returncode, "choose a folder on another disk" in within.stderr) == (2, True)
    assert again.returncode == 0, again.stderr
    assert [line.split()[0] for line in listed.stdout.splitlines()][-1] == kept.backup.name
    assert len(listed.stdout.splitlines()) == 2
