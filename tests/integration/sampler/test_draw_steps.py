"""Spares and extensions: the next tickets, in turn."""

from collections import Counter

import pytest

from support.draws import SEED, events, freeze_children, post, replace


async def test_a_spare_is_the_next_ticket_of_the_stratum(sampler):
    await freeze_children(sampler)
    draw = (await sampler.drawn(design="stratified", stratify_by="unit", per_stratum=3, seed=SEED))["draw"]
    larger = await sampler.cases(
        (await sampler.drawn(design="stratified", stratify_by="unit", per_stratum=5, seed=SEED))["draw"]
    )
    expected = [case["case"] for case in larger if case["stratum"] == "Enhet B"][3:]
    out = [case["case"] for case in await sampler.cases(draw) if case["stratum"] == "Enhet B"][:2]
    answers = [await replace(sampler, draw, case) for case in out]
    assert [answer["replacement"] for answer in answers] == expected
    (first, second) = await events(sampler, "case-replaced")
    assert (first["case"], first["reason"], second["stratum"]) == (out[0], "closed", "Enhet B")
    shown = (await sampler.get(f"/v1/draws/{draw}")).json()
    assert (shown["drawn"], shown["replaced"]) == (12, 2)
    cases = {case["case"]: case for case in await sampler.cases(draw)}
    assert (cases[out[0]]["replaced_by"], cases[expected[1]]["came_as"]) == (expected[0], "spare")
    assert (await sampler.verification(draw))["verdict"] == "verified"


async def test_a_spare_of_a_draw_by_size_comes_next_by_the_ranking_variable(sampler):
    # given
    await freeze_children(sampler)
    made = await sampler.drawn(design="pps", n=9, size_column="Belopp")
    cases = await sampler.cases(made["draw"])

    # when
    await replace(sampler, made["draw"], cases[1]["case"])

    # then
    found = await sampler.verification(made["draw"])
    assert (found["verdict"], found["first_difference"]) == ("verified", None)


async def test_an_extended_draw_is_the_larger_draw(sampler):
    await freeze_children(sampler)
    draw = (await sampler.drawn(n=10, seed=SEED))["draw"]
    spare = await replace(sampler, draw, (await sampler.cases(draw))[0]["case"])
    response = await post(sampler, f"/v1/draws/{draw}/extension", n=5)
    assert (response.status_code, response.json()["drawn"], response.json()["extended"]) == (201, 15, 5)
    larger = await sampler.cases((await sampler.drawn(n=16, seed=SEED))["draw"])
    assert [case["case"] for case in await sampler.cases(draw)] == [case["case"] for case in larger]
    assert spare["replacement"] == larger[10]["case"]
    assert [case["came_as"] for case in await sampler.cases(draw)] == ["drawn"] * 10 + ["spare"] + ["extension"] * 5
    assert {case["inclusion_probability"] for case in await sampler.cases(draw)} == {15 / 735}
    assert (await sampler.verification(draw))["verdict"] == "verified"


async def test_strata_are_extended_by_an_n_of_their_own(sampler):
    await freeze_children(sampler)
    draw = (await sampler.drawn(design="stratified", stratify_by="unit", per_stratum=2, seed=SEED))["draw"]
    more = [{"stratum": "Enhet B", "n": 3}]
    assert (await post(sampler, f"/v1/draws/{draw}/extension", allocation=more)).json()["drawn"] == 11
    assert (await post(sampler, f"/v1/draws/{draw}/extension", per_stratum=1)).json()["drawn"] == 15
    assert Counter(case["stratum"] for case in await sampler.cases(draw)) == {
        "Enhet A": 3,
        "Enhet B": 6,
        "Enhet C": 3,
        "Enhet D": 3,
    }
    assert (await sampler.verification(draw))["verdict"] == "verified"


@pytest.mark.parametrize(
    ("draw", "path", "body", "code"),
    [
        ({"design": "census"}, "replacements", {"case": None, "reason": "closed"}, "no-spare"),
        ({"n": 3}, "replacements", {"case": "000000000000", "reason": "closed"}, "case-unknown"),
        ({"n": 3}, "replacements", {"case": None, "reason": "because"}, "bad-input"),
        ({"n": 3}, "extension", {"n": 733}, "allocation-impossible"),
        ({"n": 3}, "extension", {"per_stratum": 1}, "design-unclear"),
        ({"design": "systematic", "sort_key": "Belopp", "interval": 50}, "extension", {"n": 1}, "design-unclear"),
        ({"design": "stratified", "stratify_by": "unit", "per_stratum": 1}, "extension", {"n": 1}, "design-unclear"),
        ({"n": 3}, "revelation", {}, "seed-not-secret"),
    ],
)
async def test_what_cannot_be_done_to_a_draw_is_refused_and_stores_nothing(sampler, draw, path, body, code):
    await freeze_children(sampler)
    made = (await sampler.drawn(**draw))["draw"]
    if body.get("case", "") is None:
        body = body | {"case": (await sampler.cases(made))[0]["case"]}
    before = await sampler.counts()
    response = await post(sampler, f"/v1/draws/{made}/{path}", **body)
    assert response.json()["code"] == code
    assert await sampler.counts() == before


async def test_a_case_is_replaced_once(sampler):
    await freeze_children(sampler)
    draw = (await sampler.drawn(n=3))["draw"]
    case = (await sampler.cases(draw))[0]["case"]
    await replace(sampler, draw, case)
    response = await post(sampler, f"/v1/draws/{draw}/replacements", case=case, reason="moved")
    assert (response.status_code, response.json()["code"]) == (409, "already-replaced")
