"""A column that looks as if it said whose identity is protected is pointed out, unless one was named."""

import pytest

from stickprov_contracts.http.sampler import FrameOptions
from stickprov_sampler.domain.frame.columns import ColumnsError, plan_columns, protection_guess

OPTIONS = {"frame_name": "x", "control_point": "AMF-2021-4", "period": "2021"}


def guessed(*header: str, **options: str) -> str | None:
    return protection_guess(plan_columns(header, FrameOptions(**OPTIONS, **options)))


@pytest.mark.parametrize("name", ["Sekretessmarkering", "SKYDDAD FOLKBOKFÖRING", "Fingerade uppgifter", "protected"])
def test_a_name_that_looks_so_is_pointed_out(name):
    assert guessed("Ärende", name, "Ort") == name


def test_nothing_is_pointed_out_where_nothing_looks_so_or_a_column_was_named():
    assert guessed("Ärende", "Ort") is None
    assert guessed("Ärende", "Skyddad", "Sekretess", protection_column="Skyddad") is None


@pytest.mark.parametrize(
    "used",
    [{"kept_columns": ["Sekretess"]}, {"stratum_column": "Sekretess"}, {"unit_column": "Sekretess"}],
    ids=lambda used: next(iter(used)),
)
@pytest.mark.parametrize("named", [None, "Skyddad"])
def test_a_column_that_looks_so_is_never_in_clear_whether_another_one_was_named_or_not(used, named):
    options = FrameOptions(**OPTIONS, **used, protection_column=named)

    with pytest.raises(ColumnsError) as refused:
        plan_columns(("Ärende", "Skyddad", "Sekretess"), options)

    [problem] = refused.value.errors
    assert "“Sekretess” looks as if it said whose identity is protected" in problem.message
