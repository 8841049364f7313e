"""Every design through the HTTP API: the right counts, chances and verification, and SQL that gives the same cases."""

import json
from collections import Counter
from uuid import UUID

import duckdb
import pytest

SEED = "13824381127973166541"


def register(header, rows):
    return "\n".join([header, *(";".join(map(str, row)) for row in rows)])


CHILDREN = register(
    "Ärende;Enhet;Handläggare;Barn;Belopp;Nyckel",
    [
        (
            f"F{unit}-{number:03}",
            f"Enhet {unit}",
            f"hl{unit}-{number % handlers}",
            children,
            100 + number,
            f"k{number % 5}",
        )
        for unit, size, handlers, children in (
            ("A", 200, 30, 2),
            ("B", 231, 16, 2),
            ("C", 150, 10, 3),
            ("D", 154, 8, 3),
        )
        for number in range(size)
    ],
)
CHILD_COLUMNS = {
    "unit_column": "Enhet",
    "handler_column": "Handläggare",
    "subunits_column": "Barn",
    "kept_columns": ["Belopp", "Nyckel"],
    "period": "2020-08-01/2021-08-01",
}


async def freeze_children(sampler, **options):
    return await sampler.freeze(CHILDREN, **CHILD_COLUMNS | options)


async def events(sampler, kind):
    rows = await sampler.rows("SELECT data FROM event WHERE type = $1 ORDER BY seq", f"stickprov.sampler.{kind}.v1")
    return [json.loads(row["data"]) for row in rows]


async def repeated_in_sql(sampler, frame, draw, tmp_path):
    """Run the draw's SQL as it is in plain DuckDB beside the frame file."""
    answer = (await sampler.get(f"/v1/draws/{draw}/sql", "auditor")).json()
    file = sampler.frame_folder / frame["frame_hash"][:2] / f"{frame['frame_hash'][2:]}.parquet"
    (tmp_path / answer["file"]).write_bytes(file.read_bytes())
    with duckdb.connect() as connection:
        connection.execute(f"SET file_search_path = '{tmp_path}'")
        return [row[0] for row in connection.execute(answer["sql"]).fetchall()]


# The controls of the documents


async def test_64_cases_with_146_children_each_units_share_its_number_of_handlers(sampler):
    frame = await freeze_children(sampler)
    assert (frame["size"], frame["subunits"]) == (735, 1774)
    draw = await sampler.drawn(design="cluster", allocate="per_reviewer")
    cases = await sampler.cases(draw["draw"])
    assert Counter(case["stratum"] for case in cases) == {"Enhet A": 30, "Enhet B": 16, "Enhet C": 10, "Enhet D": 8}
    assert (len(cases), sum(case["subunits"] for case in cases)) == (64, 146)
    assert {case["inclusion_probability"] for case in cases} == {30 / 200, 16 / 231, 10 / 150, 8 / 154}
    assert (await sampler.verification(draw["draw"]))["verdict"] == "verified"
    (sample,) = await events(sampler, "sample-drawn")
    assert sample["handlers"] == {"Enhet A": 30, "Enhet B": 16, "Enhet C": 10, "Enhet D": 8}


HOUSEHOLDS = {
    2663: {"2021-01": 156, "2021-02": 159, "2021-03": 194},
    2670: {"2021-04": 163, "2021-05": 183, "2021-06": 139, "2021-07": 133, "2021-08": 174},
    2528: {"2021-09": 199, "2021-10": 165, "2021-11": 157, "2021-12": 123},
}


async def test_the_household_draws_of_every_month_of_2021(sampler):
    drawn = {}
    for size, months in HOUSEHOLDS.items():
        content = register("Hushåll", [(f"H{number:05}",) for number in range(size)])
        for month, n in months.items():
            await sampler.freeze(content, frame_name=month, period=month)
            draw = await sampler.drawn(frame=month, n=n)
            assert draw["size"] == size
            drawn[month] = draw["drawn"]
    assert drawn == {month: n for months in HOUSEHOLDS.values() for month, n in months.items()}
    assert [sum(months.values()) for months in HOUSEHOLDS.values()] == [509, 792, 644]


async def test_six_per_cent_of_last_months_households_is_rounded_up_exactly(sampler):
    await sampler.freeze(register("Hushåll", [(f"H{n:05}",) for n in range(2650)]), period="2021-01")
    draw = await sampler.drawn(rate="0.06")
    assert (draw["drawn"], draw["rate"]) == (
        159,
        "0.06",
    )  # 0.06 * 2650 is 159 exactly, and 159.00000000000003 in floats
    assert (await sampler.verification(draw["draw"]))["verdict"] == "verified"


async def test_73_clients(sampler):
    await sampler.freeze(register("Klient", [(f"K{n:04}",) for n in range(410)]), period="2014")
    assert (await sampler.drawn(n=73))["drawn"] == 73


async def test_twenty_of_222_active_aged_16_to_65(sampler):
    rows = [(f"P{n:04}", 16 + n % 50, "ja") for n in range(222)]
    rows += [(f"P9{n:03}", 66 + n % 9, "ja") for n in range(20)] + [(f"P8{n:03}", 30, "nej") for n in range(9)]
    content = register("Deltagare;age;active", rows)
    frame = await sampler.freeze(content, period="2017", filter="age between 16 and 65 and active = 'ja'")
    assert frame["size"] == 222
    assert (await sampler.drawn(n=20))["drawn"] == 20


# One test for each design: counts, chances, verification, and the SQL


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


async def test_a_proportional_allocation_is_that_of_sainte_lague(sampler):
    rows = [
        (f"{month}-{n:03}", f"{month}-10")
        for month, size in (("2021-08", 11), ("2021-09", 35), ("2021-10", 38))
        for n in range(size)
    ]
    await sampler.freeze(register("Ärende;Datum", rows), month_column="Datum", period="2021-08-01/2021-11-01")
    draw = await sampler.drawn(design="stratified", stratify_by="month", allocate="proportional", n=15)
    assert [(cell["month"], cell["drawn"]) for cell in draw["allocation"]] == [
        ("2021-08", 2),
        ("2021-09", 6),
        ("2021-10", 7),
    ]


async def test_a_systematic_draw_takes_every_kth_in_the_order_of_the_key(sampler):
    rows = [(f"B{number:03}", 1000 - number) for number in range(103)]
    await sampler.freeze(register("Beslut;Belopp", rows), kept_columns=["Belopp"], period="2021-01")
    draw = await sampler.drawn(design="systematic", sort_key="Belopp", interval=10)
    cases = await sampler.cases(draw["draw"])
    units = {
        row["case_id"]: row["unit_id"] for row in await sampler.rows("SELECT case_id, unit_id FROM vault.case_identity")
    }
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


# Spares and extensions


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


async def replace(sampler, draw, case, reason="closed"):
    response = await post(sampler, f"/v1/draws/{draw}/replacements", case=case, reason=reason)
    assert response.status_code == 201, response.text
    return response.json()


async def post(sampler, path, **body):
    return await sampler.client.post(path, json=body, headers=sampler.headers())


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
    assert (await sampler.cases(draw))[-1]["inclusion_probability"] == 15 / 735
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


# Series: committed seeds, shifts, panels


async def freeze_months(sampler, *months):
    """Freeze the same households for several months, in one series."""
    content = register("Hushåll", [(f"H{number:04}",) for number in range(400)])
    first = await sampler.freeze(content, frame_name=months[0], period=months[0])
    for month in months[1:]:
        await sampler.freeze(content, frame_name=month, period=month, series=first["series"])
    return first["series"]


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


# Preview


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


# What is changed in the log is told, whatever the design


@pytest.mark.parametrize(
    ("draw", "type_", "old", "new", "difference"),
    [
        (
            {"design": "systematic", "sort_key": "Belopp", "interval": 50},
            "sample-drawn",
            '"interval":50',
            '"interval":49',
            None,
        ),
        (
            {"design": "pps", "size_column": "Belopp", "n": 9},
            "sample-drawn",
            '"Belopp"',
            '"Nyckel"',
            "cannot be followed",
        ),
        (
            {"design": "cluster", "allocate": "per_reviewer"},
            "sample-drawn",
            '"Enhet A":30',
            '"Enhet A":29',
            "other numbers of handlers",
        ),
        (
            {"design": "stratified", "stratify_by": "unit", "allocate": "equal", "n": 22},
            "sample-drawn",
            '"equal"',
            '"proportional"',
            "and its rule gives",
        ),
        ({"n": 9, "shift": "0.5"}, "sample-drawn", '"shift":"8', '"shift":"9', None),
    ],
)
async def test_a_changed_design_is_told_in_words(sampler, draw, type_, old, new, difference):
    await freeze_children(sampler)
    made = (await sampler.drawn(**draw, seed=SEED))["draw"]
    await sampler.sequenced()
    await sampler.tamper(
        "UPDATE event SET data = convert_to(replace(convert_from(data, 'UTF8'), $1, $2), 'UTF8') WHERE type = $3",
        old,
        new,
        f"stickprov.sampler.{type_}.v1",
    )
    found = await sampler.verification(made)
    assert found["verdict"] == "different"
    assert difference is None or difference in found["first_difference"]


async def test_a_spare_that_is_not_the_next_ticket_is_told(sampler):
    await freeze_children(sampler)
    made = (await sampler.drawn(n=5, seed=SEED))["draw"]
    answer = await replace(sampler, made, (await sampler.cases(made))[0]["case"])
    await sampler.sequenced()
    await sampler.tamper(
        "UPDATE event SET data = convert_to(replace(convert_from(data, 'UTF8'), $1, $2), 'UTF8') WHERE stream = $3",
        answer["replacement"],
        "f" * 64,
        f"draw/{UUID(made)}",
    )
    found = await sampler.verification(made)
    assert f"Case {answer['replacement']} has one of the smallest tickets" in found["first_difference"]


async def test_another_seed_than_the_committed_one_is_told(sampler):
    await freeze_months(sampler, "2021-01")
    draw = (await sampler.drawn(frame="2021-01", n=5, secret=True))["draw"]
    seed = (await post(sampler, f"/v1/draws/{draw}/revelation")).json()["seed"]
    await sampler.sequenced()
    await sampler.tamper(
        "UPDATE event SET data = convert_to(replace(convert_from(data, 'UTF8'), $1, $2), 'UTF8') WHERE type = $3",
        seed,
        "0" * 48,
        "stickprov.sampler.seed-revealed.v1",
    )
    assert "SeedRevealed shows a seed with hash" in (await sampler.verification(draw))["first_difference"]
