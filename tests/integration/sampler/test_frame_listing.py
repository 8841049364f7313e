"""A frame's listing: its units as a text whose hash is in the log."""

import hashlib

import duckdb
import pytest

from stickprov_sampler.adapters.duck import engine
from stickprov_sampler.adapters.frames.listing import listing, listing_hash
from support.draws import SPRING, events, freeze_children, freeze_spring

VALUES = """
COPY (SELECT * FROM (VALUES
    ('00aa', '2021-01', 'Norr', '', 'p01', 3::INTEGER, ['s1', 's2'], 12.5::DECIMAL(38, 9),
        DATE '2021-03-01', true, 7::BIGINT),
    ('00bb', '2021-02', 'Ö' || chr(9) || 'st', 'a\\b' || chr(10) || chr(13), NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    ('00cc', '2021-02', '"q";,''', '\\N', 'p02', 0, [], -0.000000001::DECIMAL(38, 9), DATE '0999-12-31', false, -1)
) AS units (case_id, month, stratum, unit, handler, subunits, subunit_ids, "Belopp", "Da\ttum", "Aktiv", "Antal"))
TO '{path}' (FORMAT parquet)
"""

GOLDEN = (
    "case_id\tmonth\tstratum\tunit\thandler\tsubunits\tsubunit_ids\tBelopp\tDa\\ttum\tAktiv\tAntal\n"
    "text\ttext\ttext\ttext\ttext\tinteger\ttexts\tdecimal\tdate\tboolean\tinteger\n"
    "00aa\t2021-01\tNorr\t\tp01\t3\ts1,s2\t12.500000000\t2021-03-01\ttrue\t7\n"
    "00bb\t2021-02\tÖ\\tst\ta\\\\b\\n\\r\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n"
    '00cc\t2021-02\t"q";,\'\t\\\\N\tp02\t0\t\t-0.000000001\t0999-12-31\tfalse\t-1\n'
)


def test_the_text_of_a_listing_is_what_it_always_was(tmp_path):
    # given: a frame file with every type, no values, and signs that would break a line
    file = tmp_path / "frames" / "units.parquet"
    file.parent.mkdir()
    with duckdb.connect() as connection:
        connection.execute(VALUES.format(path=file))

    # when
    text = b"".join(listing(file, tmp_path, memory="100MB"))
    work = tmp_path / "work"
    work.mkdir()
    with engine(work, [file.parent], memory="100MB") as connection:
        digest = listing_hash(connection, file, work)

    # then
    assert text.decode() == GOLDEN
    assert digest == hashlib.sha256(GOLDEN.encode()).hexdigest()
    assert digest == "ed6e3cabd7009454306085d878aadb3ebf46f8f973256feec75a2d96b437312b"
    assert list(work.iterdir()) == []


async def test_the_hash_of_the_listing_is_in_the_log_when_the_frame_is_frozen(sampler):
    # when
    frame = await freeze_spring(sampler)
    answer = await sampler.get(f"/v1/frames/{frame['frame']}/listing", role="auditor")

    # then
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/tab-separated-values; charset=utf-8"
    (event,) = await events(sampler, "frame-frozen")
    assert event["listing_hash"] == frame["listing_hash"] == hashlib.sha256(answer.content).hexdigest()
    lines = answer.text.splitlines()[2:]
    assert len(lines) == frame["size"]
    assert lines == sorted(lines)


async def test_a_listing_names_nobody(sampler):
    # given: a register with names and handlers in clear
    frame = await freeze_spring(sampler)

    # when
    text = (await sampler.get(f"/v1/frames/{frame['frame']}/listing")).text

    # then
    rows = [line.split(";") for line in SPRING.splitlines()[1:]]
    assert not [cell for unit, name, _, _, handler in rows for cell in (unit, name, handler) if cell in text]


async def test_a_listing_has_the_columns_that_the_frame_keeps(sampler):
    frame = await freeze_children(sampler)

    lines = (await sampler.get(f"/v1/frames/{frame['frame']}/listing")).text.splitlines()

    names, types = (line.split("\t") for line in lines[:2])
    assert dict(zip(names, types, strict=True))["Belopp"] == "integer"
    assert sum(int(line.split("\t")[5]) for line in lines[2:]) == frame["subunits"]


@pytest.mark.parametrize("role", ["reviewer", "board"])
async def test_a_listing_is_for_auditors_and_coordinators(sampler, role):
    frame = await freeze_spring(sampler)

    answer = await sampler.get(f"/v1/frames/{frame['frame']}/listing", role=role)

    assert answer.status_code == 403


async def test_a_listing_of_a_frame_whose_file_is_gone_says_so(sampler):
    # given
    frame = await freeze_spring(sampler)
    (file,) = sampler.frame_folder.rglob("*.parquet")
    file.unlink()

    # when
    answer = await sampler.get(f"/v1/frames/{frame['frame']}/listing")

    # then
    assert answer.json()["code"] == "frame-file-changed"
