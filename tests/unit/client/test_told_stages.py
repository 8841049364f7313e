"""Long work on a page: stages are told line by line, what comes of it last; nobody waits for work that nobody wants."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stickprov_client.api import ClientError
from stickprov_client.bundle.exporting import Made, Stage
from stickprov_client.language.bundles import making_told
from stickprov_client.language.translations import LANGUAGES
from stickprov_client.web.auditing.made_bundles import MOST, MadeBundles
from stickprov_client.web.auditing.telling import lines_of

Hears = Callable[[int], object]


def told(stage: int) -> tuple[str, float | None]:
    return f"stage {stage}", stage / 2


async def test_every_stage_is_a_line_and_the_outcome_is_the_last():
    async def work(hears: Hears) -> str:
        hears(1)
        await asyncio.sleep(0)
        hears(2)
        return "done"

    lines = [json.loads(line) async for line in lines_of(work, told, lambda outcome: {"page": outcome})]

    assert lines == [{"text": "stage 1", "share": 0.5}, {"text": "stage 2", "share": 1.0}, {"page": "done"}]


async def test_work_that_fails_says_no_more_than_that():
    async def work(hears: Hears) -> str:
        hears(1)
        raise ClientError("reporting is away")

    lines = [json.loads(line) async for line in lines_of(work, told, lambda outcome: {"page": outcome})]

    assert lines == [{"text": "stage 1", "share": 0.5}, {"failed": True}]


async def test_work_ends_when_nobody_listens_any_more():
    ended = asyncio.Event()

    async def work(hears: Hears) -> str:
        hears(1)
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return "never"

    lines = lines_of(work, told, lambda outcome: {"page": outcome})
    await anext(lines)
    await lines.aclose()

    async with asyncio.timeout(5):
        await ended.wait()


@pytest.fixture
def bundles() -> Iterator[MadeBundles]:
    bundles = MadeBundles()
    yield bundles
    bundles.let_all_go()


async def made(bundles: MadeBundles, visit: str | None, run: str) -> Made:
    async def export(target: Path) -> Made:
        await asyncio.to_thread(target.write_bytes, run.encode())
        return Made(target, "0" * 64, "2021-Q1", [], {}, {}, 0)

    return await bundles.make(visit, run, export)


async def test_a_bundle_is_its_makers_alone(bundles):
    bundle = await made(bundles, "mine", "a")

    assert bundles.find("mine", "a") == bundle
    assert bundles.find("yours", "a") is None
    assert bundles.find(None, "a") is None
    assert bundle.file.parent.stat().st_mode & 0o077 == 0


async def test_the_oldest_bundle_gives_way_and_leaves_the_disk(bundles):
    first = await made(bundles, "mine", "0")
    for number in range(1, MOST + 1):
        await made(bundles, "mine", str(number))

    assert bundles.find("mine", "0") is None
    assert not first.file.exists()
    assert bundles.find("mine", str(MOST)) is not None


async def test_nothing_is_left_when_the_application_ends(bundles):
    bundle = await made(bundles, "mine", "a")

    bundles.let_all_go()

    assert bundles.find("mine", "a") is None
    assert not bundle.file.parent.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_of_a_bundle_has_words(language):
    words = [
        making_told(Stage(name, "sampler", 1, 2), language)
        for name in ("signing", "counting", "reading", "leaves", "frames", "writing")
    ]

    assert len(set(words)) == len(words)
    assert not any("{" in one for one in words)
