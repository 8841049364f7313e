from uuid import UUID

import pytest

from stickprov_contracts.events.sampler import StratumSize
from stickprov_contracts.http.sampler import FrameReport
from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.period import parse_period
from stickprov_sampler.domain.frame.freezing import (
    EmptyFrameError,
    FrameNameTakenError,
    Freeze,
    RowsRejectedError,
    decide,
    evolve,
)
from stickprov_sampler.domain.frame.name import frame_id

SERIES = UUID("00000000-0000-7000-8000-000000000002")


def report(**changes):
    given = {
        "encoding": "utf-8",
        "delimiter": ";",
        "columns": [],
        "rows": 3,
        "accepted": 3,
        "rejected_rows": 0,
        "rejected": [],
        "duplicates": 0,
        "strata": [StratumSize(stratum="", month="2021-03", size=3)],
        "subunits": 7,
    }
    return FrameReport(**(given | changes))


def freeze(seen=None, name="Mars 2021"):
    return Freeze(
        frame_name=name,
        control_point="AMF-2021-3",
        period=parse_period("2021-03"),
        series=SERIES,
        report=seen or report(),
        frame_hash="a" * 64,
        source_hash="b" * 64,
        columns=["month"],
    )


def test_a_clean_file_becomes_a_frame():
    (frozen,) = decide(freeze(), None)
    assert (frozen.frame, frozen.size, frozen.subunits) == (frame_id("Mars 2021"), 3, 7)
    assert (frozen.frame_hash, frozen.source_hash, frozen.series) == ("a" * 64, "b" * 64, SERIES)
    assert frozen.columns == ["month"]


def test_a_name_is_taken_once():
    (frozen,) = decide(freeze(), None)
    with pytest.raises(FrameNameTakenError, match="“Mars 2021” is frozen already"):
        decide(freeze(), evolve(None, frozen))


@pytest.mark.parametrize("name", ["mars 2021", " Mars  2021 ", "ＭＡＲＳ 2021"])
def test_names_that_look_the_same_are_the_same(name):
    assert frame_id(name) == frame_id("Mars 2021")


def test_another_name_is_another_frame():
    assert frame_id("April 2021") != frame_id("Mars 2021")


def test_one_rejected_row_stops_the_freeze_and_is_shown():
    problem = FieldProblem(field="Id", code="missing-value", message="…", row=2)
    seen = report(accepted=1, rejected_rows=2, duplicates=1, rejected=[problem])
    with pytest.raises(RowsRejectedError, match="2 of 3 rows are rejected, 1 of them because") as caught:
        decide(freeze(seen), None)
    assert caught.value.errors == [problem]


def test_a_frame_without_rows_is_refused():
    with pytest.raises(EmptyFrameError, match="no rows under it"):
        decide(freeze(report(rows=0, accepted=0)), None)
