"""From a register to the reviewers' routes: what the sampler's vault knows of protected identities, findings heeds."""

from contextlib import AsyncExitStack
from uuid import uuid4

from stickprov_contracts.http.headers import COMMAND_ID
from stickprov_kernel.database.migrations import LOG
from stickprov_sampler.app import SAMPLER
from support.findings_service import running_findings
from support.serving import served
from support.waiting import eventually

REGISTER = "Ärende;Skydd\n101;nej\n102;ja\n103;nej\n"
POINT = "AMF-2021-4"
PLAIN, CLEARED = ("reviewer-01", "reviewer"), ("reviewer-02", "protected-reviewer")


async def test_a_protected_case_is_the_cleareds_alone_and_counts_like_any(
    sampler_at, new_database, tmp_path, free_port
):
    ports = {"sampler": free_port(), "findings": free_port()}
    (tmp_path / "findings").mkdir()
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    async with AsyncExitStack() as stack:
        database = await new_database(LOG, SAMPLER)
        sampler = await stack.enter_async_context(sampler_at(database, findings_url=urls["findings"]))
        await stack.enter_async_context(served(sampler.app, ports["sampler"]))
        findings = await stack.enter_async_context(
            running_findings(
                *(await new_database(), tmp_path / "findings", f"127.0.0.1:{free_port()}"),
                signer=sampler.issuer,
                sampler_url=urls["sampler"],
                reconcile_seconds=0.2,
            )
        )
        await stack.enter_async_context(served(findings.app, ports["findings"]))
        await sampler.define(POINT, reviewer_rule="anyone")
        await sampler.freeze(REGISTER, unit_id_column="Ärende", protection_column="Skydd", period="2021-01")
        draw = (await sampler.drawn(n=3))["draw"]
        cases = {number: one.case for number, one in (await sampler.identities()).items()}

        async def seen(number, who):
            path = f"/v1/reviews/{draw}/{POINT}/{cases[number]}"
            return (await findings.client.get(path, headers=sampler.issuer.bearer(*who))).status_code

        async def shown(number, who):
            headers = sampler.issuer.bearer(*who) | {COMMAND_ID: str(uuid4())}
            path = f"/v1/draws/{draw}/cases/{cases[number]}/identity"
            return (await sampler.client.post(path, json={"control_point": POINT}, headers=headers)).status_code

        async def seen_as(number, who, status):
            await eventually(lambda: _is(seen(number, who), status), what=f"{status} for {number}")

        async def change(number, *, protected):
            body = {"draw": draw, "case": cases[number], "protected": protected}
            headers = sampler.headers("protected-reviewer")
            assert (await sampler.client.post("/v1/protections", json=body, headers=headers)).status_code == 204

        await seen_as("103", PLAIN, 200)
        assert [await seen(number, PLAIN) for number in ("101", "102", "103")] == [200, 404, 200]
        assert [await shown(number, PLAIN) for number in ("101", "102", "103")] == [200, 404, 200]
        assert [await seen("102", CLEARED), await shown("102", CLEARED)] == [200, 200]
        progress = await findings.get("/v1/progress", who="coordinator")
        assert progress.json()["total"]["total"] == 3

        await change("101", protected=True)
        assert await shown("101", PLAIN) == 404
        await seen_as("101", PLAIN, 404)
        await change("101", protected=False)
        await seen_as("101", PLAIN, 200)
        assert await shown("101", PLAIN) == 200


async def _is(asked, status):
    return await asked == status
