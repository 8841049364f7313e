"""Draws that are refused: nothing is stored, and the message says what to do."""

from uuid import uuid4

import pytest

from support.draws import freeze_spring


@pytest.mark.parametrize(
    ("request_", "code", "fields"),
    [
        ({"n": 88}, "allocation-impossible", ["n"]),
        ({}, "design-unclear", ["n"]),
        ({"n": 0}, "bad-input", ["n"]),
        ({"n": 3, "seed": "abc"}, "bad-input", ["seed"]),
        ({"n": 3, "seed": "X" * 20}, "bad-input", ["seed"]),
        ({"n": 3, "frame": "Ingen"}, "frame-not-frozen", ["frame"]),
        ({"n": 3, "frame": str(uuid4())}, "frame-not-frozen", ["frame"]),
        ({"n": 3, "control_points": ["AMF-1999-1"]}, "control-point-unknown", ["control_points"]),
        (
            {"design": "stratified", "stratify_by": "month", "per_stratum": 16},
            "allocation-impossible",
            ["per_stratum"],
        ),
        (
            {"design": "stratified", "stratify_by": "month", "allocation": [{"stratum": "2021-09", "n": 1}]},
            "allocation-impossible",
            ["allocation.0.stratum", *["allocation"] * 4],
        ),
        ({"design": "cluster", "n": 3}, "design-unclear", ["design"]),
        ({"design": "snowball", "n": 3}, "bad-input", ["design"]),
    ],
)
async def test_a_wrong_request_is_named_by_option_and_leaves_no_seed(sampler, request_, code, fields):
    await freeze_spring(sampler)
    before = await sampler.counts()
    response = await sampler.draw(**request_)
    assert (response.status_code, response.json()["code"]) == (422, code)
    assert [error["field"] for error in response.json()["errors"]] == fields
    assert await sampler.counts() == before


async def test_n_greater_than_the_frame_says_what_to_do(sampler):
    await freeze_spring(sampler)
    response = await sampler.draw(n=88)
    assert response.json()["detail"] == "n is 88, and frame “Möten” has 87 units. Ask for at most that many."


async def test_only_a_coordinator_draws(sampler):
    for role in ("reviewer", "protected-reviewer", "board", "auditor", "service", "ops"):
        response = await sampler.client.post("/v1/draws", json={"frame": "x", "n": 1}, headers=sampler.headers(role))
        assert (role, response.status_code) == (role, 403)


async def test_cases_and_verification_are_for_coordinator_and_auditor(sampler):
    await freeze_spring(sampler)
    draw = (await sampler.drawn(n=2))["draw"]
    roles = ("coordinator", "auditor", "reviewer", "protected-reviewer", "board", "service", "ops")
    for what in ("cases", "verification"):
        allowed = [role for role in roles if (await sampler.get(f"/v1/draws/{draw}/{what}", role)).status_code == 200]
        assert (what, allowed) == (what, ["coordinator", "auditor"])


async def test_an_unknown_draw_is_not_found(sampler):
    for what in ("", "/cases", "/verification"):
        response = await sampler.get(f"/v1/draws/{uuid4()}{what}")
        assert (what, response.status_code, response.json()["code"]) == (what, 404, "draw-unknown")


async def test_an_identity_file_that_is_gone_stops_the_draw_before_its_seed(sampler):
    frame = await freeze_spring(sampler)
    (await sampler.identity_file(frame["frame"])).unlink()
    before = await sampler.counts()
    response = await sampler.draw(n=5)
    assert (response.status_code, response.json()["code"]) == (500, "frame-file-changed")
    assert "The identity file of frame “Möten” is gone." in response.json()["detail"]
    assert await sampler.counts() == before


async def test_a_frame_whose_key_has_been_erased_is_drawn_from_no_more(sampler):
    await freeze_spring(sampler)
    await sampler.rows("DELETE FROM vault.frame_key")
    before = await sampler.counts()
    response = await sampler.draw(n=5)
    assert (response.status_code, response.json()["code"]) == (500, "frame-file-changed")
    assert "The key of the identity file of frame “Möten” is gone" in response.json()["detail"]
    assert await sampler.counts() == before
