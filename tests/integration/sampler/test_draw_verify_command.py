"""`stickprov draw verify` on draws that were tampered with: it names the first difference and ends with 1."""

import asyncio
import os
from contextlib import contextmanager

import pytest
from fastapi import FastAPI

from stickprov_client.api.discovery import WELL_KNOWN
from stickprov_sampler.app import create
from support.commands import run_command
from support.draws import SEED, change_events, freeze_spring
from support.serving import serving

OTHER_SEED = "9" * 20


@contextmanager
def address_of(sampler):
    """Serve the sampler on a port, and beside it the address that tells where it is."""
    front = FastAPI()
    with serving(create(sampler.settings)) as url:
        nowhere = "http://127.0.0.1:9"
        known = {"sampler": url, "findings": nowhere, "reporting": nowhere, "version": "0"}
        front.get(WELL_KNOWN)(lambda: known)
        with serving(front) as address:
            yield address


@pytest.fixture
def verify(sampler, tmp_path):
    """Run the command as an auditor; return its exit code and what it printed."""
    token = tmp_path / "auditor.jwt"
    token.write_text(sampler.issuer.token("auditor-01", "auditor"))

    def run(draw, language="en"):
        with address_of(sampler) as url:
            options = ["--url", url, "--token-file", str(token), "--lang", language]
            ended = run_command([*options, "draw", "verify", draw], os.environ)
        return ended.returncode, ended.stdout

    return lambda draw, language="en": asyncio.to_thread(run, draw, language)


@pytest.fixture
async def draw(sampler):
    await freeze_spring(sampler)
    made = await sampler.drawn(design="stratified", stratify_by="month", per_stratum=3, seed=SEED)
    await sampler.sequenced()
    return made


async def test_a_draw_that_nobody_touched_is_verified_in_both_languages(verify, draw):
    code, told = await verify(draw["draw"])
    assert (code, "✗" in told) == (0, False)
    assert told.endswith("Verified: the same cases come out again.\n")
    code, told = await verify(draw["draw"], "sv")
    assert (code, "✓ de dragna ärendena är de med lägst lottnummer" in told) == (0, True)
    assert told.endswith("Verifierat: samma ärenden kommer fram igen.\n")


async def test_a_flipped_bit_in_the_frame_file(sampler, verify, draw):
    (file,) = (path for path in sampler.frame_folder.rglob("*.parquet") if path.stem == draw["frame_hash"][2:])
    file.chmod(0o600)
    content = bytearray(file.read_bytes())
    content[1000] ^= 1
    file.write_bytes(content)
    code, told = await verify(draw["draw"])
    assert (code, "✗ the frame file is the one whose hash is in the log" in told) == (1, True)
    assert f", and the log says {draw['frame_hash']}.\n" in told


async def test_a_case_put_in_the_place_of_another(sampler, verify, draw):
    victim = (await sampler.cases(draw["draw"]))[4]
    await change_events(sampler, "case-drawn", victim["case"], "f" * 64)
    code, told = await verify(draw["draw"], "sv")
    assert (code, "✗ de dragna ärendena är de med lägst lottnummer" in told) == (1, True)
    difference = f"har ett av de lägsta lottnumren ({victim['ticket']}), men loggen drar det inte."
    assert told.endswith(f"Skiljer sig: Ärende {victim['case']} {difference}\n")


async def test_another_seed_in_the_sample_alone(sampler, verify, draw):
    await change_events(sampler, "sample-drawn", SEED, OTHER_SEED)
    code, told = await verify(draw["draw"])
    assert code == 1
    assert told.endswith(f"Different: SampleDrawn names seed {OTHER_SEED}, expected {SEED}.\n")


async def test_another_seed_throughout(sampler, verify, draw):
    await change_events(sampler, "sample-drawn", SEED, OTHER_SEED)
    await change_events(sampler, "seed-drawn", SEED, OTHER_SEED)
    code, told = await verify(draw["draw"])
    assert (code, "✗ the drawn cases are those with the smallest tickets" in told) == (1, True)
    assert "has one of the smallest tickets" in told


async def test_an_allocation_that_says_more_than_was_drawn(sampler, verify, draw):
    cell = draw["allocation"][0]
    as_it_is = f'"month":"2021-04","size":{cell["size"]},"drawn":'
    await change_events(sampler, "sample-drawn", f"{as_it_is}{cell['drawn']}", f"{as_it_is}{cell['drawn'] + 1}")
    code, told = await verify(draw["draw"])
    assert (code, "✗ the allocation adds up to the sample" in told) == (1, True)
    found = f"{cell['drawn']} cases are drawn, and the allocation says {cell['drawn'] + 1}."
    assert told.endswith(f"Different: In month 2021-04, stratum “{cell['stratum']}”, {found}\n")
