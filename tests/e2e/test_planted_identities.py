"""Nobody is told of anywhere but where they were asked for: everything that a whole stack wrote is looked through.

What must not break: this test finds what it looks for, or it would say nothing; so it first finds it where it is shown.
"""

import asyncio
import gzip
import io
import json
import os
import signal
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from stickprov_client.api.errors import ClientError
from stickprov_contracts.http.sampler import ShowIdentity
from support.collector import collecting
from support.commands import run_command
from support.places import DATABASES, Place, answers_of, files_below, tables_of, topics_at
from support.planted import (
    PEOPLE,
    WORD,
    case_number,
    found_in,
    found_in_file,
    parquet_text,
    person,
    personal_number,
    unpacked,
)  # fmt: skip
from support.planting import END, POINT, START, Planted, conclude, plant
from support.stack import LocalStack
from support.waiting import wait_until

PLACES = {
    "answer", "bundle", "disk", "frame", "listing", "log", "report", "table", "temporary", "topic", "trace",
}  # fmt: skip
"""What was looked through, by the first word of each place's name."""

SERVERS = ("SAMPLER", "FINDINGS", "REPORTING", "WEB")
SETTINGS = {f"STICKPROV_{name}_LOG_LEVEL": "debug" for name in SERVERS}
TRACING = {f"STICKPROV_{name}_TRACES_SAMPLE": "1" for name in SERVERS}


@pytest.fixture(scope="module")
def places(session_folder: Path, module_kafka, tmp_path_factory) -> Iterator[dict[str, Place]]:
    """Everything that a stack wrote down while people were planted in it, and what was planted."""
    folder = session_folder / "planted"
    temporary = folder / "tmp"
    temporary.mkdir(parents=True)
    with (
        collecting() as collector,
        pytest.MonkeyPatch.context() as environment,
        closing(LocalStack(folder, module_kafka)) as stack,
    ):
        collected = {f"STICKPROV_{name}_TRACES_ENDPOINT": collector.url for name in SERVERS}
        collected["STICKPROV_TRACES_ENDPOINT"] = collector.url
        for name, value in (SETTINGS | TRACING | collected | {"TMPDIR": str(temporary)}).items():
            environment.setenv(name, value)
        stack.start()
        found = asyncio.run(_played(stack, tmp_path_factory.mktemp("register")))
        assert stack.stop() == 0
        found += [Place(f"trace: {number}", body) for number, body in enumerate(collector.bodies)]
        found += [*files_below(stack.data, "disk"), *files_below(temporary, "temporary")]
        found += [Place(f"log: {place.name}", place.content) for place in found if place.name.startswith("disk: logs/")]
        found.append(Place("log: launcher", (folder / "launcher.log").read_bytes()))
        frames = sorted((stack.data / "frames").rglob("*.parquet"))
        found += [Place("frame: every row", text) for text in parquet_text(frames)]
        found.append(Place("temporary: the folder's names", "\n".join(map(str, temporary.rglob("*"))).encode()))
        yield {place.name: place for place in found}


async def _played(stack: LocalStack, folder: Path) -> list[Place]:
    planted = await plant(stack, folder)
    await _crash(stack, planted)
    found = [place async for place in answers_of(stack, POINT, START, END)]
    found += _commanded(stack, folder)
    await conclude(stack)
    facts = json.loads((stack.data / "stack.json").read_text())
    found += [place async for place in topics_at(facts["kafka_bootstrap"])]
    for database in DATABASES:
        found += [place async for place in tables_of(stack.data, database)]
    shown = repr(planted.shown).encode()
    return [*found, Place("shown", shown)]


async def _crash(stack: LocalStack, planted: Planted) -> None:
    """Have a service asked who people are while its database and then itself are killed."""
    async with stack.services("reviewer-01") as services:
        asked = ShowIdentity(control_point=POINT, why="review")

        async def ask() -> None:
            for item in planted.items * 3:
                try:
                    await services.sampler.identity(item.draw, item.case, asked)
                except ClientError:
                    continue

        asking = [asyncio.create_task(ask()) for _ in range(3)]
        await asyncio.to_thread(stack.kill, "postgres")
        killed = stack.pid("sampler")
        os.kill(killed, signal.SIGABRT)
        await asyncio.to_thread(
            wait_until, lambda: stack.pid("sampler") not in {0, killed}, what="the sampler's restart"
        )
        await asyncio.gather(*asking)


def _commanded(stack: LocalStack, folder: Path) -> list[Place]:
    """Return what the auditor's commands write: a bundle and the frame's listing in it, and what the command tells."""
    bundle = folder / "period.zip"
    options = ("--url", stack.url, "--token-file", str(stack.data / "tokens" / "auditor.jwt"), "--lang", "sv")
    told = [
        run_command([*options, *words], dict(os.environ))
        for words in (
            ("audit", "export", "--period", "2021-01", "--out", str(bundle)),
            ("audit", "verify", str(bundle)),
            ("audit", "trail", "--point", POINT),
            ("stats", POINT, "--period", "2021-01"),
            ("doctor",),
        )
    ]
    assert [ran.returncode for ran in told[:4]] == [0, 0, 0, 0], told
    found = [Place(f"answer: the command {ran.args[7:9]}", (ran.stdout + ran.stderr).encode()) for ran in told]
    with zipfile.ZipFile(bundle) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if name.startswith("frames/"):
                text = gzip.decompress(content) if name.endswith(".gz") else content
                found.append(Place(f"listing: {name}", text))
            found.append(Place(f"bundle: {name}", content))
    return found


def test_who_somebody_is_is_told_to_whom_it_was_to_be_told(places):
    assert found_in(places["shown"].content) >= {WORD}


def test_every_kind_of_place_was_looked_through(places):
    kinds = {name.partition(":")[0] for name in places} - {"shown"}

    for kind in sorted(kinds):
        of_it = [place for name, place in places.items() if name.startswith(f"{kind}:")]
        print(f"{kind}: {len(of_it)} places, {sum(len(place.content) for place in of_it):,} bytes")  # noqa: T201 - shown by -rP
    assert kinds == PLACES
    for log in ("sampler", "findings", "reporting", "web", "postgres"):
        assert f"disk: logs/{log}.log" in places
    assert b'"level": "debug"' in places["disk: logs/sampler.log"].content
    sent = b"".join(place.content for name, place in places.items() if name.startswith("trace:"))
    for name in ("sampler", "findings", "reporting", "web", "command"):
        assert f"stickprov-{name}".encode() in sent
    assert b"/v1/reviews/{draw}/{control_point}/{case}/finding" in sent


@pytest.mark.parametrize("kind", ["answer", "bundle", "disk", "report", "table", "topic"])
def test_what_anybody_may_know_is_found_where_people_are_looked_for(places, kind):
    held = [
        name
        for name, place in places.items()
        if name.startswith(f"{kind}:") and any(POINT.encode() in part for part in unpacked(name, place.content))
    ]

    assert held != []


def test_no_place_holds_anybody(places):
    held = {
        name: writings
        for name, place in places.items()
        if name != "shown"
        and (writings := found_in(place.content, guessing=False) if place.raw else found_in_file(name, place.content))
    }

    assert held == {}


@pytest.mark.parametrize(
    "text",
    [
        person(1), person(2).upper(), personal_number(1), personal_number(2, "+"), personal_number(3, ""),
        personal_number(PEOPLE, " "), personal_number(1, "")[2:], case_number(2), f"{WORD}.handl",
    ],
)  # fmt: skip
def test_whatever_is_planted_would_be_found(text):
    workbook = io.BytesIO()
    with zipfile.ZipFile(workbook, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sheet1.xml", f"<v>{text}</v>")

    assert found_in(f"före {text} efter".encode())
    assert found_in(text.encode().hex().encode())
    assert found_in(text.encode("utf-16-le"))
    assert found_in_file("report.xlsx", workbook.getvalue())
