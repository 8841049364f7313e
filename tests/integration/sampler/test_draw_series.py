"""Series: committed seeds, shifts, panels."""

from support.draws import SEED, freeze_months, post, replace


async def test_a_committed_seed_is_pending_until_it_is_revealed_and_verified_then(sampler, tmp_path):
    await freeze_months(sampler, "2021-01")
    draw = await sampler.drawn(frame="2021-01", n=12, secret=True)
    assert (draw["seed"], len(draw["seed_hash"])) == (None, 64)
    assert {case["ticket"] for case in await sampler.cases(draw["draw"])} == {None}
    found = await sampler.verification(draw["draw"])
    assert (found["verdict"], found["first_difference"]) == ("pending", None)
    assert (await sampler.get(f"/v1/draws/{draw['draw']}/sql")).json()["code"] == "seed-secret"
    assert len(await sampler.rows("SELECT FROM vault.committed_seed")) == 1
    revealed = (await post(sampler, f"/v1/draws/{draw['draw']}/revelation")).json()
    assert len(revealed["seed"]) == 48
    found = await sampler.verification(draw["draw"])
    assert (found["first_difference"], found["verdict"]) == (None, "verified")
    shown = (await sampler.get(f"/v1/draws/{draw['draw']}")).json()
    assert shown["frame_position"] < shown["seed_position"] < shown["sample_position"] < shown["revealed_position"]
    assert (await sampler.get("/v1/draws")).json() == [shown]
    assert await sampler.rows("SELECT FROM vault.committed_seed") == []


async def test_a_secret_draw_can_be_extended_and_its_cases_replaced(sampler):
    await freeze_months(sampler, "2021-01")
    draw = (await sampler.drawn(frame="2021-01", n=12, secret=True))["draw"]
    await replace(sampler, draw, (await sampler.cases(draw))[3]["case"])
    assert (await post(sampler, f"/v1/draws/{draw}/extension", n=4)).status_code == 201
    assert (await sampler.verification(draw))["verdict"] == "pending"
    await post(sampler, f"/v1/draws/{draw}/revelation")
    assert (await sampler.verification(draw))["verdict"] == "verified"


async def test_shifted_months_draw_nobody_twice_in_a_row_and_a_panel_draws_the_same_always(sampler):
    months = ["2021-01", "2021-02", "2021-03"]
    await freeze_months(sampler, *months)
    drawn = []
    for number, month in enumerate(months):
        draw = await sampler.drawn(frame=month, rate="0.06", secret=True, shift=str(number / 4))
        drawn.append({case["case"] for case in await sampler.cases(draw["draw"])})
    assert [len(cases) for cases in drawn] == [24, 24, 24]
    assert not drawn[0] & drawn[1]
    assert not drawn[1] & drawn[2]
    panel = await sampler.drawn(frame="2021-03", rate="0.06", panel=True)
    assert {case["case"] for case in await sampler.cases(panel["draw"])} == drawn[0]
    draws = (await sampler.get("/v1/draws")).json()
    assert len({draw["seed_hash"] for draw in draws}) == 1
    assert [draw["coordinated_with"] for draw in draws] == [None, *[draws[0]["draw"]] * 3]
    await post(sampler, f"/v1/draws/{panel['draw']}/revelation")
    for draw in draws:
        found = await sampler.verification(draw["draw"])
        assert (found["first_difference"], found["verdict"]) == (None, "verified")


async def test_a_panel_with_a_ceremonys_seed_takes_it_from_the_first_draw(sampler):
    await freeze_months(sampler, "2021-01", "2021-02")
    first = await sampler.drawn(frame="2021-01", n=10, seed=SEED)
    panel = await sampler.drawn(frame="2021-02", n=10, panel=True)
    assert (panel["seed"], panel["coordinated_with"]) == (SEED, first["draw"])
    assert [case["case"] for case in await sampler.cases(panel["draw"])] == [
        case["case"] for case in await sampler.cases(first["draw"])
    ]
    assert (await sampler.verification(panel["draw"]))["verdict"] == "verified"
