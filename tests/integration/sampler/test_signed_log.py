"""The sampler's log is signed, proved and read again over HTTP, by the client that does not trust it."""

import httpx
import pytest

from stickprov_client.api import ApiProblem
from stickprov_client.api.checkpoints import OwnLogClient
from stickprov_client.api.retrying import NO_RETRY
from stickprov_client.api.transport import Transport
from stickprov_client.bundle.verifying.notes import VerifierKey, read_note
from stickprov_client.bundle.verifying.tree import leaf_hash, roots_at
from stickprov_client.checking.proving import (
    check_consistency,
    check_inclusion,
    consistency_file,
    event_in,
    inclusion_file,
    still_as_it_was,
)
from stickprov_client.checking.trust import NotProvedError, Trust, trust_in
from stickprov_kernel.database.migrations import LOG
from stickprov_kernel.log.checkpoint_note import TreeHead
from stickprov_kernel.log.envelope import encode
from stickprov_kernel.log.notes import sign
from stickprov_sampler.app import SAMPLER
from support.notes import key_file, signing_key
from support.waiting import eventually

ORIGIN = "kontroll.example/sampler"
KEY = signing_key(ORIGIN, 1).verifier
TRUST = Trust([VerifierKey(ORIGIN, KEY.public)], "given")
ADOPTED = {
    "board": "AMF",
    "year": 2021,
    "control_points": [{"control_point": "AMF-1", "number": "1", "area": "Försörjningsstöd", "measure": "M"}],
}


@pytest.fixture
async def signing(sampler_at, new_database, tmp_path):
    """A running sampler that signs its log, with two events in it."""
    keys = {"checkpoint_key": key_file(tmp_path), "checkpoint_origin": ORIGIN, "checkpoint_minutes": 1000.0}
    async with sampler_at(await new_database(LOG, SAMPLER), **keys) as running:
        assert (await running.define()).status_code == 200
        await running.freeze("Id\n1\n2\n3\n")
        await running.sequenced()
        yield running


def log_as(sampler, role: str = "auditor") -> OwnLogClient:
    http = httpx.AsyncClient(transport=sampler.client._transport, base_url="http://sampler")
    return OwnLogClient(Transport("sampler", http, lambda: sampler.issuer.token("anna", role), NO_RETRY))


async def test_an_auditor_has_the_log_signed_and_keeps_the_note(signing):
    log = log_as(signing)

    made = await log.make_checkpoint()
    again = await log.make_checkpoint()

    assert made == again
    assert (made.origin, made.size, made.reason) == (ORIGIN, (await log.head()).position, "asked")
    assert made.root == (await log.head()).root
    assert await log.note(made.size) == await log.note() == made.note.encode()
    assert TRUST.head(read_note(made.note.encode())).size == made.size


async def test_a_checkpoint_made_now_is_created_and_one_that_was_there_is_given(signing):
    statuses = [
        (await signing.client.post("/v1/checkpoints", headers=signing.issuer.bearer("anna", "auditor"))).status_code
        for _ in range(2)
    ]

    assert statuses == [201, 200]


async def test_the_keys_are_told_with_the_checkpoints(signing):
    log = log_as(signing)
    await log.make_checkpoint()

    told = await log.checkpoints()

    assert (told.source, told.origin) == ("sampler", ORIGIN)
    assert [(key.verifier_key, key.handover) for key in told.keys] == [(KEY.text, None)]
    assert trust_in([], told).keys == TRUST.keys


async def test_the_leaves_give_the_root_that_was_signed(signing):
    log = log_as(signing)
    made = await log.make_checkpoint()

    leaves = await log.leaves(0)
    page = await log.page(0)

    assert roots_at(leaves, [made.size])[made.size].hex() == made.root
    assert leaves == [leaf_hash(encode(entry.envelope), entry.data.encode()) for entry in page.entries]
    assert await log.leaves(1, 1) == leaves[1:2]
    assert await log.leaves(len(leaves)) == []


async def test_every_event_is_proved_to_be_in_the_checkpoint(signing):
    log = log_as(signing)
    made = await log.make_checkpoint()

    for position in range(1, made.size + 1):
        proof = await inclusion_file(log, position, made.note.encode(), made.size)
        assert check_inclusion(proof, TRUST).size == made.size
        [entry] = (await log.page(position - 1, 1)).entries
        assert event_in(proof) == (entry.envelope.model_dump(exclude_none=True), entry.data.encode())


async def test_the_log_is_proved_to_have_grown_and_nothing_else(signing):
    log = log_as(signing)
    first = await log.make_checkpoint()
    await signing.freeze("Id\n4\n5\n", frame_name="B")
    await signing.sequenced()
    unsigned = await still_as_it_was(log, read_note(first.note.encode()), TRUST)
    second = await log.make_checkpoint()

    older, newer = read_note(first.note.encode()), read_note(second.note.encode())
    proof = await consistency_file(log, TRUST.head(older), TRUST.head(newer), second.note.encode())
    found = await still_as_it_was(log, older, TRUST)

    assert (found.later.size, found.signed) == (second.size, True)
    assert (unsigned.later.size, unsigned.signed) == (second.size, False)
    assert check_consistency(older, newer, proof, TRUST) == found


async def test_a_kept_checkpoint_of_another_history_is_not_proved(signing):
    log = log_as(signing)
    await log.make_checkpoint()
    forged = sign(TreeHead(ORIGIN, 1, bytes(32)).text, [signing_key(ORIGIN, 1)])
    longer = sign(TreeHead(ORIGIN, 99, bytes(32)).text, [signing_key(ORIGIN, 1)])

    with pytest.raises(NotProvedError, match="another root"):
        await still_as_it_was(log, read_note(forged), TRUST)
    with pytest.raises(NotProvedError, match=r"had 99 events, and now it has \d+: its end was cut off"):
        await still_as_it_was(log, read_note(longer), TRUST)


async def test_closing_a_period_signs_the_log_with_the_closing_in_it(signing):
    log = log_as(signing)
    headers = signing.headers()
    plan = ADOPTED | {"control_points": [ADOPTED["control_points"][0] | {"unit_name": "ärende"}]}
    adopted = await signing.client.put("/v1/plans/AMF-2021", json=plan, headers=headers)
    assert adopted.status_code == 200, adopted.text

    closed = await signing.client.post(
        "/v1/plans/AMF-2021/closed-periods", json={"period": "2021-T1"}, headers=signing.headers()
    )

    assert closed.status_code == 200, closed.text

    async def signed() -> bool:
        newest = (await log.checkpoints(limit=1, newest_first=True)).checkpoints
        return bool(newest) and newest[0].reason == "period-closed"

    await eventually(signed)
    [newest] = (await log.checkpoints(limit=1, newest_first=True)).checkpoints
    [last] = (await log.page(newest.size - 1, 1)).entries
    assert last.envelope.type == "stickprov.sampler.period-closed.v1"


async def test_the_service_reads_its_own_tables_and_tells_how_far_it_is(signing):
    log = log_as(signing)
    made = await log.make_checkpoint()
    told: list[object] = []

    silent, loud = await log.verification(), await log.verification(told.append)

    assert silent == loud
    assert (loud.verdict, loud.events, loud.checkpoints) == ("verified", made.size, 1)
    assert [(stage.stage, stage.done, stage.of) for stage in told] == [("verifying", made.size, made.size)]


async def test_after_identities_are_erased_every_proof_still_holds(signing):
    await signing.drawn(n=2)
    await signing.sequenced()
    log = log_as(signing)
    made = await log.make_checkpoint()
    proofs = [
        await inclusion_file(log, position, made.note.encode(), made.size) for position in range(1, made.size + 1)
    ]

    erased = await signing.rows("DELETE FROM vault.identity RETURNING 1")

    assert erased
    assert [check_inclusion(proof, TRUST).size for proof in proofs] == [made.size] * made.size
    assert (await still_as_it_was(log, read_note(made.note.encode()), TRUST)).later.size == made.size
    assert (await log.verification()).verdict == "verified"


BEYOND = {
    "/v1/log/inclusion?position=1&size=99": (422, "bad-input"),
    "/v1/log/inclusion?position=99": (422, "bad-input"),
    "/v1/log/inclusion?position=0": (422, "bad-input"),
    "/v1/log/consistency?first=2&second=1": (422, "bad-input"),
    "/v1/log/consistency?first=1&second=99": (422, "bad-input"),
    "/v1/log/leaves?limit=65537": (422, "bad-input"),
    "/v1/checkpoints/98": (404, "not-found"),
    "/v1/checkpoints?order=sideways": (422, "bad-input"),
}


async def test_what_the_log_does_not_have_is_refused_in_words(signing):
    answers = {
        path: await signing.client.get(path, headers=signing.issuer.bearer("anna", "auditor")) for path in BEYOND
    }

    assert {path: (answer.status_code, answer.json()["code"]) for path, answer in answers.items()} == BEYOND


async def test_who_may_have_proofs_and_checkpoints(signing):
    paths = ["/v1/log/leaves", "/v1/log/inclusion?position=1", "/v1/log/consistency?first=1", "/v1/log/verification"]
    proofs, made, seen = {}, {}, {}
    for role in ("auditor", "coordinator", "ops", "service", "board", "reviewer"):
        headers = signing.issuer.bearer("anna", role)
        proofs[role] = {(await signing.client.get(path, headers=headers)).status_code for path in paths} == {200}
        made[role] = (await signing.client.post("/v1/checkpoints", headers=headers)).is_success
        seen[role] = (await signing.client.get("/v1/checkpoints", headers=headers)).is_success

    working = {"auditor": True, "coordinator": True, "ops": True, "service": True, "board": False, "reviewer": False}
    assert proofs == working
    assert made == working
    assert seen == working | {"board": True}


async def test_a_sampler_without_a_key_says_that_it_signs_nothing(sampler):
    await sampler.sequenced()
    log = log_as(sampler)

    with pytest.raises(ApiProblem) as refused:
        await log.make_checkpoint()

    assert refused.value.problem.code == "checkpoints-not-signed"
    assert (await log.checkpoints()).keys == []
    assert (await log.verification()).verdict == "verified"
