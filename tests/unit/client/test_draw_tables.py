"""A draw's strata as a command shows them, whatever cells the log counts by."""

from uuid import UUID

import pytest

from stickprov_client.cli.draw_tables import parts_of
from stickprov_contracts.events.sampler import Allocation
from stickprov_contracts.http.sampler import Draw

CELLS = [("A", "2021-01", 10, 1), ("B", "2021-01", 20, 2), ("A", "2021-02", 30, 3), ("B", "2021-02", 40, 4)]


@pytest.mark.parametrize(
    ("by", "parts"),
    [
        ([], {"2021-01": (30, 3), "2021-02": (70, 7)}),
        (["month"], {"2021-01": (30, 3), "2021-02": (70, 7)}),
        (["unit"], {"A": (40, 4), "B": (60, 6)}),
        (
            ["month", "unit"],
            {"2021-01 · A": (10, 1), "2021-01 · B": (20, 2), "2021-02 · A": (30, 3), "2021-02 · B": (40, 4)},
        ),
    ],
)
def test_cells_are_added_up_to_the_strata_that_were_drawn_from(by, parts):
    allocation = [Allocation(stratum=name, month=month, size=size, drawn=n) for name, month, size, n in CELLS]
    drawn = Draw.model_construct(draw=UUID(int=1), stratified_by=by, allocation=allocation)

    assert parts_of(drawn) == parts
