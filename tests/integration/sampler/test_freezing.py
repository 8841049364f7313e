"""Previewing and freezing register files through the HTTP API."""

import asyncio
import hashlib
import json
import random
from uuid import uuid4

import duckdb
import pytest

MEETINGS = "Ärende;Namn;Datum\n" + "".join(f"{n:05};Namn {n};2021-{1 + n % 4:02}-15\n" for n in range(20))
BY_MONTH = {"unit_id_column": "Ärende", "month_column": "Datum", "identity_columns": ["Namn"]}


async def test_a_preview_says_what_is_seen_and_stores_nothing(sampler):
    before = await sampler.counts()
    content = MEETINGS.replace("00003;", ";").encode("windows-1252")
    response = await sampler.upload(content, to="/v1/frames/preview", **BY_MONTH)
    assert response.status_code == 200
    report = response.json()
    assert (report["encoding"], report["delimiter"], report["rows"], report["accepted"]) == (
        "windows-1252",
        ";",
        20,
        19,
    )
    assert [(problem["row"], problem["field"], problem["code"]) for problem in report["rejected"]] == [
        (5, "Ärende", "missing-value")
    ]
    assert await sampler.counts() == before
    assert await sampler.rows("SELECT FROM vault.series_key") == []


async def test_a_frozen_frame_is_shown_with_its_place_in_the_log(sampler):
    frozen = await sampler.freeze(MEETINGS, **BY_MONTH)
    await sampler.sequenced()
    shown = (await sampler.get(f"/v1/frames/{frozen['frame']}", "board")).json()
    by_name = (await sampler.get("/v1/frames/m%C3%B6ten")).json()
    listed = (await sampler.get("/v1/frames")).json()
    assert frozen["position"] is None
    assert {**frozen, "position": 2} == shown == by_name == listed[0]
    assert shown["size"] == 20
    assert shown["strata"] == [{"stratum": "", "month": f"2021-{month:02}", "size": 5} for month in range(1, 5)]
    assert shown["source_hash"] == hashlib.sha256(MEETINGS.encode()).hexdigest()


async def test_the_frame_file_has_the_hash_that_the_log_has(sampler):
    frozen = await sampler.freeze(MEETINGS, **BY_MONTH)
    file = sampler.frame_folder / frozen["frame_hash"][:2] / f"{frozen['frame_hash'][2:]}.parquet"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == frozen["frame_hash"]
    assert len(duckdb.sql(f"FROM '{file}'").fetchall()) == 20


async def test_nothing_but_the_two_files_is_left_on_disk(sampler):
    frozen = await sampler.freeze(MEETINGS, **BY_MONTH)
    identity_file = await sampler.identity_file(frozen["frame"])
    assert sorted(path.name for path in sampler.files()) == sorted(
        [f"{frozen['frame_hash'][2:]}.parquet", identity_file.name]
    )
    assert identity_file.stat().st_mode & 0o777 == 0o600
    assert sampler.vault_folder.stat().st_mode & 0o777 == 0o700


async def test_no_identity_leaves_the_vault(sampler):
    await sampler.freeze(MEETINGS, **BY_MONTH)
    rows = await sampler.rows("SELECT envelope || data AS bytes FROM event UNION ALL SELECT answer FROM command")
    assert not [row for row in rows if b"Namn 7" in row["bytes"] or b"00007" in row["bytes"]]


async def test_each_frame_has_a_series_of_its_own_so_pseudonyms_cannot_be_joined(sampler):
    first = await sampler.freeze(MEETINGS, **BY_MONTH)
    second = await sampler.freeze(MEETINGS, **BY_MONTH, frame_name="Igen")
    keys = await sampler.series_keys()
    assert {str(series) for series in keys} == {first["series"], second["series"]}
    assert len(set(keys.values())) == 2
    assert first["frame_hash"] != second["frame_hash"]


async def test_one_bad_row_refuses_the_whole_file(sampler):
    before = await sampler.counts()
    response = await sampler.upload(MEETINGS + "00003;Namn;2021-01-02\n00021;N;2022-01-01\n", **BY_MONTH)
    problem = response.json()
    assert (response.status_code, problem["code"]) == (422, "rows-rejected")
    assert problem["detail"].startswith("2 of 22 rows are rejected, 1 of them because they repeat a unit id.")
    assert [(error["row"], error["field"], error["code"]) for error in problem["errors"]] == [
        (22, "Ärende", "repeated-id"),
        (23, "Datum", "outside-period"),
    ]
    assert await sampler.counts() == before
    assert await sampler.rows("SELECT FROM vault.series_key") == []


async def test_a_name_is_taken_once_and_the_refusal_names_it(sampler):
    await sampler.freeze(MEETINGS, **BY_MONTH)
    before = await sampler.counts()
    response = await sampler.upload(MEETINGS, **BY_MONTH, frame_name=" MÖTEN ")
    assert (response.status_code, response.json()["code"]) == (409, "frame-name-taken")
    assert "“Möten” is frozen already" in response.json()["detail"]
    assert await sampler.counts() == before


async def test_of_many_who_freeze_one_name_at_once_one_wins_and_the_others_leave_nothing(sampler):
    contents = [MEETINGS.replace("Namn", f"Namn{attempt}") for attempt in range(5)]
    responses = await asyncio.gather(
        *(
            sampler.upload(content, unit_id_column="Ärende", month_column="Datum", identity_columns=[f"Namn{attempt}"])
            for attempt, content in enumerate(contents)
        )
    )
    assert sorted(response.status_code for response in responses) == [201, 409, 409, 409, 409]
    (won,) = [response.json()["frame"] for response in responses if response.status_code == 201]
    assert (await sampler.get("/v1/frames")).json()[0]["frame_hash"] == won["frame_hash"]
    assert len(sampler.files()) == 2
    assert len(await sampler.rows("SELECT FROM vault.series_key")) == 1


async def test_a_retry_gets_the_first_answer(sampler):
    command_id = uuid4()
    first = await sampler.upload(MEETINGS, **BY_MONTH, command_id=command_id)
    again = await sampler.upload(MEETINGS, **BY_MONTH, command_id=command_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert len(sampler.files()) == 2


async def test_the_same_command_sent_twice_at_once_freezes_once(sampler):
    command_id = uuid4()
    one, other = await asyncio.gather(*(sampler.upload(MEETINGS, **BY_MONTH, command_id=command_id) for _ in range(2)))
    assert one.json() == other.json()
    assert len(sampler.files()) == 2


@pytest.mark.parametrize("change", [{"period": "2021"}, {"content": MEETINGS + "99999;N;2021-01-01\n"}])
async def test_a_command_id_stands_for_one_file_and_its_options(sampler, change):
    command_id = uuid4()
    await sampler.upload(MEETINGS, **BY_MONTH, command_id=command_id)
    other = {"content": MEETINGS, **BY_MONTH} | change
    response = await sampler.upload(other.pop("content"), **other, command_id=command_id)
    assert (response.status_code, response.json()["code"]) == (409, "command-id-reused")


@pytest.mark.parametrize(
    ("content", "options", "code", "fields"),
    [
        (MEETINGS, {"period": "mars"}, "period-unclear", ["period"]),
        (MEETINGS, {"control_point": "AMF-1999-1"}, "control-point-unknown", ["control_point"]),
        (MEETINGS, {"month_column": "Dag", "stratum_column": "X"}, "column-unfit", ["month_column", "stratum_column"]),
        (MEETINGS, {"identity_columns": ["Namn", "Adress"]}, "column-unfit", ["identity_columns.1"]),
        (MEETINGS, {"encoding": "utf-16"}, "encoding-fails", ["encoding"]),
        ("Ärende;Namn;Datum\n", {}, "frame-empty", []),
        ("", {}, "frame-empty", []),
        (MEETINGS, {"delimiter": "|"}, "bad-input", ["delimiter"]),
        (MEETINGS, {"frame_name": ""}, "bad-input", ["frame_name"]),
        (MEETINGS, {"nonsense": 1}, "bad-input", ["nonsense"]),
    ],
)
async def test_what_is_wrong_with_options_or_file_is_named_and_nothing_is_stored(
    sampler, content, options, code, fields
):
    before = await sampler.counts()
    for to in ("/v1/frames", "/v1/frames/preview"):
        response = await sampler.upload(content, to=to, **options)
        assert (response.status_code, response.json()["code"]) == (422, code)
        assert [error["field"] for error in response.json().get("errors", [])] == fields
    assert await sampler.counts() == before


async def test_options_that_are_no_json_are_refused(sampler):
    response = await sampler.client.post(
        "/v1/frames", files={"file": ("a.csv", b"Id\n1\n")}, data={"options": "{"}, headers=sampler.headers()
    )
    assert response.status_code == 422


async def test_an_encoding_that_fails_is_told_by_row(sampler):
    response = await sampler.upload(MEETINGS.encode("windows-1252"), encoding="utf-8")
    (error,) = response.json()["errors"]
    assert (response.status_code, error["field"], error["row"]) == (422, "encoding", 1)


async def test_a_file_that_is_too_large_is_refused(sampler):
    response = await sampler.upload("Id\n" + "x" * 3_100_000)
    assert (response.status_code, response.json()["code"]) == (413, "too-large")


async def test_only_a_coordinator_imports(sampler):
    options = json.dumps({"frame_name": "x", "control_point": "AMF-2021-4", "period": "2021"})
    for role in ("reviewer", "protected-reviewer", "board", "auditor", "service", "ops"):
        for path in ("/v1/frames", "/v1/frames/preview"):
            response = await sampler.client.post(
                path,
                files={"file": ("a.csv", b"Id\n1\n")},
                data={"options": options},
                headers=sampler.headers(role),
            )
            assert (role, path, response.status_code) == (role, path, 403)


async def test_an_unknown_frame_is_not_found(sampler):
    for frame in ("Ingen", str(uuid4())):
        assert (await sampler.get(f"/v1/frames/{frame}")).status_code == 404


# Series, subunits in a file of their own, and files that are nonsense


async def test_a_frame_that_joins_a_series_has_the_same_case_ids(sampler):
    first = await sampler.freeze(MEETINGS, **BY_MONTH)
    rows = MEETINGS.splitlines()
    later = "\n".join([rows[0], *rows[:4:-1]]) + "\n"
    joined = [
        await sampler.freeze(later, **BY_MONTH, frame_name=name, series=series)
        for name, series in (("April", first["series"]), ("Maj", "möten"))
    ]
    assert {frame["series"] for frame in joined} == {first["series"]}
    assert len(await sampler.rows("SELECT FROM vault.series_key")) == 1
    assert _cases(sampler, joined[0]) < _cases(sampler, first)
    assert joined[0]["frame_hash"] == joined[1]["frame_hash"]


async def test_who_loses_a_race_in_a_series_leaves_the_winners_files(sampler):
    first = await sampler.freeze(MEETINGS, **BY_MONTH)
    responses = await asyncio.gather(
        *(sampler.upload(MEETINGS, **BY_MONTH, frame_name="Igen", series=first["series"]) for _ in range(4))
    )
    assert sorted(response.status_code for response in responses) == [201, 409, 409, 409]
    again = (await sampler.get("/v1/frames/igen")).json()
    assert _cases(sampler, again) == _cases(sampler, first)
    assert sorted(one.name for one in sampler.vault_folder.glob("*.sealed")) == sorted(
        [(await sampler.identity_file(frame["frame"])).name for frame in (first, again)]
    )


@pytest.mark.parametrize("series", ["Ingen", "00000000-0000-7000-8000-000000000000"])
async def test_an_unknown_series_is_refused_by_preview_and_freeze(sampler, series):
    for to in ("/v1/frames", "/v1/frames/preview"):
        response = await sampler.upload(MEETINGS, to=to, **BY_MONTH, series=series)
        assert (response.status_code, response.json()["code"]) == (422, "series-unknown")
        assert response.json()["errors"][0]["field"] == "series"


async def test_filter_and_counts_are_in_the_frame_and_in_the_log(sampler):
    text = "Datum >= date('2021-02-01') and Datum < date('2021-04-01')"
    frozen = await sampler.freeze(MEETINGS, **BY_MONTH, filter=text, extract_date="2021-05-01", kept_columns=["Datum"])
    assert (frozen["size"], frozen["filter"], frozen["extract_date"]) == (10, text, "2021-05-01")
    assert frozen["excluded"] == {"Datum >= date('2021-02-01')": 5, "Datum < date('2021-04-01')": 5}
    assert frozen["columns"] == ["month", "Datum"]
    assert (await sampler.get("/v1/frames")).json()[0]["excluded"] == frozen["excluded"]


async def test_a_filter_that_removes_every_row_freezes_nothing(sampler):
    response = await sampler.upload(MEETINGS, **BY_MONTH, filter="Datum < date('2000-01-01')")
    assert (response.status_code, response.json()["code"]) == (422, "frame-empty")
    assert "The filter removes every row" in response.json()["detail"]


async def test_children_of_households_come_in_a_file_of_their_own(sampler):
    households = "Hushåll\n" + "".join(f"H{n}\n" for n in range(735))
    children = "Hushåll;Barn\n" + "".join(f"H{n % 700};B{n}\n" for n in range(1774))
    options = {"frame_name": "Barn", "control_point": "AMF-2021-4", "period": "2021"}
    response = await sampler.client.post(
        "/v1/frames",
        files={"file": ("hushåll.csv", households.encode()), "subunits_file": ("barn.csv", children.encode())},
        data={"options": json.dumps(options)},
        headers=sampler.headers(),
    )
    frozen = response.json()["frame"]
    assert (response.status_code, frozen["size"], frozen["subunits"]) == (201, 735, 1774)
    assert frozen["columns"] == ["subunits", "subunit_ids"]


async def test_any_bytes_are_refused_or_frozen_and_nothing_in_between(sampler):
    chance = random.Random(20210331)
    pieces = [
        b"Id",
        b";",
        b",",
        b"\t",
        b'"',
        b"\n",
        b"\r\n",
        b"\xc5",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\0",
        b"1",
        b"PAR1",
        b"A",
    ]
    for _ in range(25):
        content = b"".join(chance.choices(pieces, k=chance.randrange(12)))
        before = await sampler.counts()
        response = await sampler.upload(content, frame_name=str(uuid4()))
        after = await sampler.counts()
        change = (after[0] - before[0], after[1] - before[1])
        assert (content, response.status_code, change) in {(content, 201, (1, 2)), (content, 422, (0, 0))}


def _cases(sampler, frame):
    file = sampler.frame_folder / frame["frame_hash"][:2] / f"{frame['frame_hash'][2:]}.parquet"
    return {case for (case,) in duckdb.sql(f"SELECT case_id FROM '{file}'").fetchall()}
