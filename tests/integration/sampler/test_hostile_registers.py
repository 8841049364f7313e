"""Register files made to harm the sampler are a 422 that says what to do, and the sampler goes on."""

import struct

import duckdb
import httpx
import pytest

from stickprov_kernel.database.migrations import LOG
from stickprov_sampler.adapters.frames import sources, spreadsheet
from stickprov_sampler.app import SAMPLER
from support import hostile_files as hostile


async def refused(sampler, content: bytes) -> httpx.Response:
    answer = await sampler.upload(content, to="/v1/frames/preview")
    assert answer.status_code == 422, answer.text[:300]
    assert answer.json()["errors"][0]["field"] in {"file", "header_row"}
    assert (await sampler.get("/v1/frames")).status_code == 200
    return answer


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: hostile.padded_workbook(150), "far more than its size"),
        (lambda: hostile.many_parts_workbook(6000), "parts; no register does"),
        (hostile.far_cell_workbook, "wants too much memory"),
        (lambda: hostile.workbook_of("<row>" * 100), "is empty"),
        (lambda: hostile.wide_csv(100_000), "100,000 columns; 2,000 are the most"),
        (lambda: b"PAR1" + bytes(100), "The Parquet file is broken"),
        (lambda: b"PAR1" + struct.pack("<I", 2**31 - 1) + b"PAR1", "The Parquet file is broken"),
    ],
    ids=["padded", "parts", "far", "broken", "wide", "empty-parquet", "absurd-parquet"],
)
async def test_a_file_that_stands_for_too_much_is_refused(sampler, made, words: str):
    assert words in (await refused(sampler, made())).json()["detail"]


async def test_a_workbook_whose_directory_lies_is_refused_or_read_within_its_bounds(sampler):
    answer = await sampler.upload(hostile.lying_workbook(), to="/v1/frames/preview")
    assert answer.status_code == 422


async def test_entities_are_not_followed(sampler, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("what nobody should see", encoding="utf-8")
    for content in (hostile.entity_workbook(), hostile.outside_entity_workbook(secret)):
        answer = await sampler.upload(content, to="/v1/frames/preview")
        assert answer.status_code in {200, 422}
        assert "nobody should see" not in answer.text
        assert "lollol" not in answer.text


async def test_a_parquet_file_that_says_it_holds_too_much_is_refused_before_it_is_read(sampler, tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MOST_ROWS", 1000)
    file = tmp_path / "many.parquet"
    duckdb.sql(f"COPY (SELECT 'x' AS \"Id\" FROM range(1001)) TO '{file}' (FORMAT parquet)")

    assert "says it holds 1,001 rows" in (await refused(sampler, file.read_bytes())).json()["detail"]


async def test_a_parquet_file_that_fills_memory_and_disk_is_refused(sampler_at, new_database, tmp_path, monkeypatch):
    monkeypatch.setattr("stickprov_sampler.adapters.duck._MOST_ON_DISK", "1MB")
    file = tmp_path / "dense.parquet"
    select = 'SELECT repeat(range::text, 2000) AS "Id" FROM range(20_000)'
    duckdb.sql(f"COPY ({select}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)")
    assert file.stat().st_size < 2_000_000

    async with sampler_at(await new_database(LOG, SAMPLER), engine_memory="32MB") as small:
        await small.define()
        assert "stands for more data" in (await refused(small, file.read_bytes())).json()["detail"]


async def test_a_damaged_parquet_file_is_never_a_fault_of_ours(sampler, tmp_path):
    file = tmp_path / "whole.parquet"
    duckdb.sql(f"COPY (SELECT range::text AS \"Id\" FROM range(100)) TO '{file}' (FORMAT parquet)")
    whole = file.read_bytes()
    for place in range(4, len(whole), max(1, len(whole) // 25)):
        damaged = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        answer = await sampler.upload(damaged, to="/v1/frames/preview")
        assert answer.status_code in {200, 422}, (place, answer.text[:200])


def test_the_bounds_are_above_what_a_region_needs():
    assert sources.MOST_ROWS >= 10_000_000
    assert spreadsheet.UNPACKED_BYTES >= 1_000_000_000
