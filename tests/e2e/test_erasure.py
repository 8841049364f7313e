"""After an erasure everything that was counted, signed and proven is as it was, and nobody is anybody any more."""

import asyncio
import json
import os
from uuid import uuid4

import pytest

from stickprov_client.api import ApiProblem
from stickprov_client.api.findings import ReviewKey
from stickprov_contracts.http.erasure import SetRetention
from stickprov_contracts.http.findings import RecordFinding
from stickprov_contracts.http.sampler import ShowIdentity
from support.commands import run_command
from support.control import CONTROL_POINT, END, START, prepare, queue_of, statistics_of
from support.waiting import eventually

DRAWN = 6
COMMENT = "Åsa Ek har flyttat"


def stickprov(stack, *words, who="auditor"):
    """Run the command as somebody of the stack."""
    options = ("--url", stack.url, "--token-file", str(stack.data / "tokens" / f"{who}.jwt"), "--lang", "en")
    return run_command([*options, *words], dict(os.environ))


def verdict(stack, file):
    ran = stickprov(stack, "audit", "verify", str(file), "--json")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return json.loads(ran.stdout)["verdict"]


def exported(stack, file):
    ran = stickprov(stack, "audit", "export", "--period", "2021-01", "--whole", "--out", str(file))
    assert ran.returncode == 0, ran.stderr
    return file


async def _erase(stack, folder):
    """Review everything with a comment, take a bundle and a checkpoint, and erase it all."""
    async with stack.services() as services:
        await prepare(services, folder, size=30, drawn=DRAWN)
        reviewer = stack.signed_in_as(services, "reviewer-01")
        for item in await queue_of(services, 2 * DRAWN):
            finding = RecordFinding(
                remark=item.order == 1, categories=["deposits"] if item.order == 1 else [], comment=COMMENT
            )
            key = ReviewKey(item.draw, item.control_point, item.case)
            await reviewer.findings.record(key, finding, command=uuid4())
        before = await statistics_of(services, 2 * DRAWN)
        exported(stack, folder / "before.zip")
        await services.erasing.set_retention(CONTROL_POINT, SetRetention(months=0))
        done = await services.erasing.erase_due()

        async def texts_gone():
            return len(await services.erasing.erased_texts(done.erasure)) == 2

        await eventually(texts_gone, bound=60, what="findings' erasing of the texts")
        after = await statistics_of(services, 2 * DRAWN)
    return before, done, after


@pytest.fixture(scope="module")
def erased(module_stack, tmp_path_factory):
    folder = tmp_path_factory.mktemp("erased")
    before, done, after = asyncio.run(_erase(module_stack, folder))
    return module_stack, folder, before, done, after


async def test_statistics_and_their_replay_are_as_before(erased):
    stack, _, before, done, after = erased

    assert (done.draws, done.cases, done.identities, done.frames, done.series) == (2, 12, 12, 2, 2)
    read = {"as_of"}
    assert after.model_dump(exclude=read) == before.model_dump(exclude=read)
    assert after.as_of != before.as_of
    async with stack.services("auditor") as auditor:
        replay = await auditor.reporting.replay(CONTROL_POINT, START, END)
        assert (replay.verdict, replay.differences) == ("verified", [])
        draws = await auditor.sampler.draws()
        assert [(await auditor.sampler.verify(draw.draw)).verdict for draw in draws] == ["verified", "verified"]
        texts = await auditor.erasing.erased_texts(done.erasure)
        assert (sum(one.notes for one in texts), sum(one.cases for one in texts)) == (12, 12)


async def test_nobody_is_anybody_any_more_and_the_review_stands(erased):
    stack, *_ = erased
    async with stack.services() as services:
        (item, *_) = await queue_of(services, 2 * DRAWN)
        assert (item.erased, item.status) == (True, "reviewed")
        review = await services.findings.review(ReviewKey(item.draw, item.control_point, item.case))
        assert (review.erased, review.comment, review.status) == (True, None, "reviewed")
        asked = ShowIdentity(control_point=CONTROL_POINT, why="coordination")
        with pytest.raises(ApiProblem) as refused:
            await services.sampler.identity(item.draw, item.case, asked)
        assert refused.value.problem.code == "identity-erased"


def test_logs_and_bundles_of_before_and_after_verify(erased):
    stack, folder, *_ = erased
    logs = stickprov(stack, "audit", "log")
    checkpoint = stickprov(stack, "audit", "checkpoint", "sampler", "--make", "--save", str(folder / "now.note"))
    proof = stickprov(stack, "audit", "proof", "findings", "5", "--save", str(folder / "5.tlog-proof"))

    assert (logs.returncode, checkpoint.returncode, proof.returncode) == (0, 0, 0), logs.stderr + proof.stderr
    assert verdict(stack, folder / "before.zip") == "verified"
    assert verdict(stack, exported(stack, folder / "after.zip")) == "verified"


def test_the_command_tells_what_stands_and_what_went(erased):
    stack, _, _, done, _ = erased
    standing = stickprov(stack, "erase", "due", "--dry-run", who="ops")
    report = stickprov(stack, "erase", "show", str(done.erasure))
    again = stickprov(stack, "erase", "due", "--yes", who="ops")
    asked = stickprov(stack, "erase", "due", who="ops")

    assert standing.stdout.count("erased") >= 2
    assert "Free texts of findings: 12, and 0 drafts" in report.stdout
    assert again.stdout.strip() == "There was nothing to erase."
    assert asked.returncode == 2
