"""A personal number is found in an event's data wherever it stands, and nothing else is taken for one."""

import json
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickprov_kernel.log.lasting import PersonalNumberInLogError, check_lasting
from stickprov_sampler.domain.identity.personal_number import check_digit


@given(
    born=st.dates(date(1900, 1, 1), date(2026, 1, 1)),
    serial=st.integers(0, 999),
    sign=st.sampled_from("-+"),
    century=st.booleans(),
    coordination=st.booleans(),
    around=st.tuples(st.text(max_size=9), st.text(max_size=9)),
)
def test_anybodys_number_is_refused_by_its_field(born, serial, sign, century, coordination, around):
    day = born.day + 60 if coordination else born.day
    nine = f"{born:%y%m}{day:02}{serial:03}"
    number = f"{f'{born:%Y}'[:2] if century else ''}{nine[:6]}{sign}{nine[6:]}{check_digit(nine)}"
    before, after = around
    text = f"{before} {number} {after}"

    with pytest.raises(PersonalNumberInLogError) as refused:
        check_lasting(json.dumps({"fine": "x", "deep": [{"text": text}]}, ensure_ascii=False).encode())

    assert [problem.field for problem in refused.value.errors] == ["deep.0.text"]
    assert number not in str(refused.value)


@given(st.uuids())
def test_no_id_is_taken_for_one(one: UUID):
    check_lasting(json.dumps({"draw": str(one), "dnr": f"SN {one}"}).encode())


@pytest.mark.parametrize(
    "text",
    [
        "121212-1213",
        "121312-1212",
        "12121212-1212-7000-8000-000000000000",
        "SN 2021-01213",
        "556012-5790",
        "1212121212",
        "",
    ],
)
def test_what_only_looks_like_one_is_kept(text: str):
    check_lasting(json.dumps({"text": text}).encode())
