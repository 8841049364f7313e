"""A draw before it is made."""

from support.draws import freeze_children, freeze_months, post


async def test_a_preview_tells_allocation_precision_and_warnings_and_stores_nothing(sampler):
    await freeze_children(sampler)
    before = await sampler.counts()
    request = {"frame": "Möten", "design": "stratified", "stratify_by": "unit", "per_stratum": 1}
    found = (await post(sampler, "/v1/draws/preview", **request)).json()
    assert [(part["name"], part["size"], part["drawn"]) for part in found["parts"]] == [
        ("Enhet A", 200, 1),
        ("Enhet B", 231, 1),
        ("Enhet C", 150, 1),
        ("Enhet D", 154, 1),
    ]
    assert found["half_width"] is None
    assert [warning["code"] for warning in found["warnings"]] == ["one-of-stratum"]
    simple = (await post(sampler, "/v1/draws/preview", frame="Möten", n=100, expected_rate="0.2")).json()
    assert round(simple["half_width"], 4) == 0.0729  # 1.96 sqrt((1 - 100/735) 0.2 * 0.8 / 100 * 735/734)
    assert await sampler.counts() == before


async def test_a_preview_tells_of_units_that_were_drawn_last_period(sampler):
    await freeze_months(sampler, "2021-01", "2021-02")
    last = await sampler.drawn(frame="2021-01", n=40)
    found = (await post(sampler, "/v1/draws/preview", frame="2021-02", n=40)).json()
    (warning,) = found["warnings"]
    assert (warning["code"], warning["names"]) == ("drawn-last-period", [last["draw"]])
    assert "40 units of the frame were drawn last (2021-01); without a shift about 4.0 of them" in warning["message"]


async def test_one_case_of_each_handler_has_no_variance_and_the_preview_says_so(sampler):
    await freeze_children(sampler)
    found = (await post(sampler, "/v1/draws/preview", frame="Möten", design="per_group", per_group=1)).json()
    assert (found["drawn"], found["half_width"]) == (64, None)
    assert [warning["code"] for warning in found["warnings"]] == ["one-per-group"]
