"""Every design through the HTTP API: the right counts, chances and verification, and SQL that gives the same cases."""

import duckdb
import pytest

from support.draws import SEED, freeze_children, register


async def repeated_in_sql(sampler, frame, draw, tmp_path):
    """Run the draw's SQL as it is in plain DuckDB beside the frame file."""
    answer = (await sampler.get(f"/v1/draws/{draw}/sql", "auditor")).json()
    file = sampler.frame_folder / frame["frame_hash"][:2] / f"{frame['frame_hash'][2:]}.parquet"
    (tmp_path / answer["file"]).write_bytes(file.read_bytes())
    with duckdb.connect() as connection:
        connection.execute(f"SET file_search_path = '{tmp_path}'")
        return [row[0] for row in connection.execute(answer["sql"]).fetchall()]


DESIGNS = {
    "census": {"design": "census"},
    "simple": {"n": 20},
    "shifted": {"n": 20, "shift": "0.75"},
    "proportional": {"design": "stratified", "stratify_by": "unit", "allocate": "proportional", "n": 15},
    "equal": {"design": "stratified", "stratify_by": "unit", "allocate": "equal", "n": 22},
    "neyman": {
        "design": "stratified",
        "stratify_by": "unit",
        "allocate": "neyman",
        "n": 40,
        "standard_deviations": [
            {"stratum": f"Enhet {unit}", "value": value} for unit, value in (("A", 1), ("B", 3), ("C", 5), ("D", 2))
        ],
    },
    "two columns": {"design": "stratified", "stratify_by": ["unit", "Nyckel"], "per_stratum": 2},
    "month and unit": {"design": "stratified", "stratify_by": ["month", "unit"], "per_stratum": 3, "shift": "0.5"},
    "per_group": {"design": "per_group", "per_group": 2},
    "systematic": {"design": "systematic", "sort_key": "Belopp", "interval": 50},
    "cluster": {"design": "cluster", "n": 30},
    "pps": {"design": "pps", "size_column": "Belopp", "n": 25},
}
COUNTS = {
    "census": 735,
    "simple": 20,
    "shifted": 20,
    "proportional": 15,
    "equal": 22,
    "neyman": 40,
    "two columns": 40,
    "month and unit": 12,
    "per_group": 128,
    "cluster": 30,
    "pps": 25,
}


@pytest.mark.parametrize("name", DESIGNS)
async def test_each_design_is_drawn_verified_and_repeated_in_plain_sql(sampler, name, tmp_path):
    frame = await freeze_children(sampler)
    draw = await sampler.drawn(**DESIGNS[name], seed=SEED)
    cases = await sampler.cases(draw["draw"])
    found = await sampler.verification(draw["draw"])
    assert (found["first_difference"], found["verdict"]) == (None, "verified")
    assert len(cases) == COUNTS.get(name, len(cases)) == draw["drawn"]
    assert len({case["case"] for case in cases}) == len(cases)
    assert [case["case"] for case in cases] == await repeated_in_sql(sampler, frame, draw["draw"], tmp_path)


async def test_a_systematic_draw_takes_every_kth_in_the_order_of_the_key(sampler):
    rows = [(f"B{number:03}", 1000 - number) for number in range(103)]
    await sampler.freeze(register("Beslut;Belopp", rows), kept_columns=["Belopp"], period="2021-01")
    draw = await sampler.drawn(design="systematic", sort_key="Belopp", interval=10)
    cases = await sampler.cases(draw["draw"])
    units = {one.case: unit for unit, one in (await sampler.identities()).items()}
    places = [103 - int(units[case["case"]][1:]) for case in cases]
    assert places == list(range(draw["start"], 104, 10))
    assert 1 <= draw["start"] <= 10
    assert {case["inclusion_probability"] for case in cases} == {0.1}


async def test_payments_that_are_large_enough_are_always_drawn(sampler):
    rows = [(f"B{number:03}", "1500,50" if number < 3 else 10 + number % 7) for number in range(80)]
    await sampler.freeze(register("Betalning;Belopp", rows), kept_columns=["Belopp"], period="2021-01")
    for _ in range(3):
        draw = await sampler.drawn(design="pps", size_column="Belopp", n=8)
        chances = sorted(case["inclusion_probability"] for case in await sampler.cases(draw["draw"]))
        assert chances[-3:] == [1.0, 1.0, 1.0]
        assert chances[-4] < 1
        assert (await sampler.verification(draw["draw"]))["verdict"] == "verified"
