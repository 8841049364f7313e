"""Register measures from the register file to the answer: every control of the seed documents that counts by a rule."""

from uuid import uuid4

import pytest

from support.register_measures import coordinated_plans, long_cases, plan_ages, preschool_staff, updated_plans


async def measure(sampler, **asked: object):
    request = {"frame": "Register", "title": "Räkning"} | asked
    return await sampler.client.post("/v1/measures", json=request, headers=sampler.headers())


async def measured(sampler, **asked: object) -> dict:
    response = await measure(sampler, **asked)
    assert response.status_code == 201, response.text
    return response.json()


def figures(answer: dict) -> tuple[str, int]:
    return answer["numerator"], answer["denominator"]


async def test_15_of_4243_cases_have_a_meeting_10_attended_with_3_follow_ups_and_5_initiated(sampler):
    await sampler.freeze(
        coordinated_plans(),
        frame_name="Register",
        period="2020-09-01/2021-09-01",
        month_column="Månad",
        kept_columns=["Möten", "Slag"],
    )
    answer = await measured(sampler, kind="sum", sum_column="Möten", category_column="Slag")
    kinds = {}
    for cell in answer["cells"]:
        if cell["category"]:
            kinds[cell["category"]] = kinds.get(cell["category"], 0) + int(cell["numerator"])
    assert figures(answer) == ("15", 4243)
    assert kinds == {"deltagit": 7, "uppföljning": 3, "initierat": 5}
    attended = await measured(sampler, rule="Slag in ('deltagit', 'uppföljning')")
    assert figures(attended) == ("10", 4243)


async def test_43_of_73_plans_are_older_than_3_months_and_21_older_than_a_year(sampler):
    await sampler.freeze(plan_ages(), frame_name="Register", period="2014-06", kept_columns=["Plan"])
    months = await measured(sampler, kind="share", rule="Plan < date('2014-03-31')")
    year = await measured(sampler, kind="share", rule="Plan < date('2013-06-30')")
    assert figures(months) == ("43", 73)
    assert figures(year) == ("21", 73)


async def test_half_of_the_cases_over_four_months_lack_an_extension(sampler):
    await sampler.freeze(long_cases(), frame_name="Register", period="2013", kept_columns=["Öppnat", "Förlängt"])
    answer = await measured(sampler, kind="share", among="Öppnat < date('2013-08-31')", rule="Förlängt is null")
    assert figures(answer) == ("3", 6)


async def test_38_percent_of_the_staff_have_a_degree_and_the_goal_of_half_stands_beside_each_unit(sampler):
    await sampler.freeze(
        preschool_staff(),
        frame_name="Register",
        period="2013",
        unit_column="Enhet",
        kept_columns=["Legitimerad"],
    )
    answer = await measured(sampler, kind="share", rule="Legitimerad", goal={"share": "0.5"})
    assert figures(answer) == ("38", 100)
    assert answer["goal"] == {"share": "0.5", "direction": "at-least"}
    assert [(cell["unit"], cell["numerator"], cell["denominator"]) for cell in answer["cells"]] == [
        ("Ekorren", "9", 30),
        ("Lärkan", "14", 40),
        ("Vinkel", "15", 30),
    ]


async def test_updated_plans_are_counted_in_a_year_and_in_a_month(sampler):
    await sampler.freeze(updated_plans(), frame_name="Register", period="2017", kept_columns=["Uppdaterad"])
    year = await measured(sampler, rule="Uppdaterad between date('2017-01-01') and date('2017-12-31')")
    january = await measured(sampler, rule="Uppdaterad between date('2017-01-01') and date('2017-01-31')")
    assert figures(year) == ("4", 6)
    assert figures(january) == ("2", 6)


@pytest.fixture
async def staff(sampler):
    """A sampler with a frozen staff register."""
    await sampler.freeze(
        preschool_staff(), frame_name="Register", period="2013", unit_column="Enhet", kept_columns=["Legitimerad"]
    )
    return sampler


@pytest.mark.parametrize(("rule", "count"), [("Legitimerad = 'ja'", "38"), ("Legitimerad in ('NEJ')", "62")])
async def test_a_column_of_yes_and_no_is_asked_in_the_registers_words(staff, rule, count):
    assert figures(await measured(staff, kind="share", rule=rule)) == (count, 100)


async def test_a_measure_is_counted_again_the_same_and_listed(staff):
    answer = await measured(staff, kind="share", rule="Legitimerad")
    path = f"/v1/measures/{answer['measure']}"
    await staff.sequenced()
    assert (await staff.get(f"{path}/verification", "auditor")).json()["verdict"] == "verified"
    shown = (await staff.get(path, "board")).json()
    assert shown["position"] is not None
    assert shown | {"position": None} == answer
    assert (await staff.get("/v1/measures")).json() == [shown]


async def test_a_preview_counts_the_same_and_stores_nothing(staff):
    asked = {"frame": "Register", "title": "Examen", "kind": "share", "rule": "Legitimerad"}
    preview = await staff.client.post("/v1/measures/preview", json=asked, headers=staff.headers())
    assert preview.status_code == 200, preview.text
    assert figures(preview.json()) == ("38", 100)
    listed = await staff.client.get("/v1/measures", headers=staff.headers())
    assert listed.json() == []
    unclear = await staff.client.post("/v1/measures/preview", json=asked | {"rule": "Legitim"}, headers=staff.headers())
    assert [error["field"] for error in unclear.json()["errors"]] == ["rule"]


async def test_a_measure_that_was_changed_in_the_log_is_told_apart(staff):
    answer = await measured(staff, kind="share", rule="Legitimerad")
    await staff.tamper(
        "UPDATE event SET data = convert_to(replace(convert_from(data, 'UTF8'), '\"numerator\":\"38\"', "
        "'\"numerator\":\"50\"'), 'UTF8') WHERE type LIKE '%register-measured%'"
    )
    found = (await staff.get(f"/v1/measures/{answer['measure']}/verification")).json()
    assert found["verdict"] == "different"
    assert found["first_difference"] == "The log has 50 of 100; counting gives 38 of 100."


async def test_nothing_is_counted_from_a_frame_file_that_was_changed(staff):
    answer = await measured(staff, kind="share", rule="Legitimerad")
    (file,) = [path for path in staff.files() if path.is_relative_to(staff.frame_folder)]
    file.chmod(0o600)
    file.write_bytes(file.read_bytes() + b" ")
    refused = await measure(staff, kind="share", rule="not Legitimerad")
    assert refused.json()["code"] == "frame-file-changed"
    found = (await staff.get(f"/v1/measures/{answer['measure']}/verification")).json()
    assert found["verdict"] == "different"
    assert "is changed" in found["first_difference"]


async def test_the_same_command_twice_is_one_measure(staff):
    headers = staff.headers(command_id=uuid4())
    request = {"frame": "Register", "title": "En gång", "rule": "Legitimerad"}
    first = await staff.client.post("/v1/measures", json=request, headers=headers)
    second = await staff.client.post("/v1/measures", json=request, headers=headers)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert len((await staff.get("/v1/measures")).json()) == 1


@pytest.mark.parametrize(
    ("asked", "field", "word"),
    [
        ({}, "rule", "every unit"),
        ({"rule": "Examen = 'ja'"}, "rule", "no column “Examen”"),
        ({"rule": "Legitimerad and"}, "rule", "position"),
        ({"rule": "Legitimerad", "among": "Enhet = 'Ekorren'"}, "among", "no column “Enhet”"),
        ({"kind": "sum"}, "sum_column", "needs the column"),
        ({"kind": "sum", "sum_column": "unit"}, "sum_column", "numbers"),
        ({"kind": "sum", "sum_column": "Lön"}, "sum_column", "no column “Lön”"),
        ({"rule": "Legitimerad", "sum_column": "unit"}, "sum_column", "adds no column"),
        ({"rule": "Legitimerad", "category_column": "Kön"}, "category_column", "no column “Kön”"),
        ({"rule": "Legitimerad", "control_points": ["NONE-1"]}, "control_points", "not defined"),
        ({"frame": "Another", "rule": "Legitimerad"}, "frame", "frozen"),
    ],
)
async def test_a_measure_that_does_not_fit_is_refused_by_its_option_and_nothing_is_stored(staff, asked, field, word):
    before = await staff.counts()
    response = await measure(staff, **asked)
    assert response.status_code == 422, response.text
    problem = response.json()["errors"][0]
    assert problem["field"] == field
    assert word in problem["message"]
    assert await staff.counts() == before


async def test_only_a_coordinator_makes_a_measure(staff):
    response = await staff.client.post(
        "/v1/measures", json={"frame": "Register", "title": "x", "rule": "Legitimerad"}, headers=staff.headers("board")
    )
    assert response.status_code == 403
