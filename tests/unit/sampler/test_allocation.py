from uuid import UUID

import pytest

from stickprov_contracts.events.sampler import FrameFrozen, StratumSize
from stickprov_contracts.http.sampler import ExplicitAllocation, MakeDraw
from stickprov_kernel.period import parse_period
from stickprov_sampler.domain.draw.allocation import plan_draw
from stickprov_sampler.domain.draw.refusals import AllocationError, DesignError

FRAME = UUID("00000000-0000-5000-8000-000000000001")


def frame(*cells, period="2021-T1", columns=("month", "stratum")):
    return FrameFrozen(
        frame=FRAME,
        frame_name="Möten",
        control_point="AMF-2021-4",
        period=parse_period(period),
        series=UUID("00000000-0000-7000-8000-000000000002"),
        size=sum(size for _, _, size in cells),
        strata=[StratumSize(stratum=stratum, month=month, size=size) for month, stratum, size in cells],
        frame_hash="a" * 64,
        source_hash="b" * 64,
        columns=list(columns),
    )


MEETINGS = frame(("2021-01", "", 23), ("2021-02", "", 29), ("2021-03", "", 20), ("2021-04", "", 15))
AUTUMN = frame(("2021-08", "", 11), ("2021-09", "", 35), ("2021-10", "", 38), period="2021-08-01/2021-11-01")
DISTRICTS = frame(("2021-01", "Norr", 4), ("2021-01", "Söder", 6), ("2021-02", "Norr", 3))


def by_month(**options):
    return MakeDraw(frame=FRAME, design="stratified", stratify_by="month", **options)


def explicit(**counts):
    return [ExplicitAllocation(stratum=name.replace("_", "-")[1:], n=n) for name, n in counts.items()]


def test_twenty_of_222_is_a_simple_draw():
    plan = plan_draw(MakeDraw(frame=FRAME, n=20), frame(("2017-01", "", 222), period="2017"))
    assert (plan.stratified_by, plan.sizes, plan.wanted) == ((), {"": 222}, {"": 20})


def test_three_a_month_takes_three_from_each():
    plan = plan_draw(by_month(per_stratum=3), MEETINGS)
    assert plan.sizes == {"2021-01": 23, "2021-02": 29, "2021-03": 20, "2021-04": 15}
    assert plan.wanted == {"2021-01": 3, "2021-02": 3, "2021-03": 3, "2021-04": 3}


def test_an_explicit_allocation_is_taken_as_it_is():
    plan = plan_draw(by_month(allocation=explicit(m2021_08=3, m2021_09=6, m2021_10=6)), AUTUMN)
    assert plan.wanted == {"2021-08": 3, "2021-09": 6, "2021-10": 6}


def test_strata_are_counted_over_all_months():
    request = MakeDraw(frame=FRAME, design="stratified", stratify_by="stratum", per_stratum=5)
    plan = plan_draw(request, DISTRICTS)
    assert plan.sizes == {"Norr": 7, "Söder": 6}


def test_a_zero_leaves_a_part_out_when_it_is_said():
    plan = plan_draw(by_month(allocation=explicit(m2021_08=0, m2021_09=1, m2021_10=1)), AUTUMN)
    assert plan.wanted == {"2021-08": 0, "2021-09": 1, "2021-10": 1}


def test_an_empty_month_need_not_be_named():
    plan = plan_draw(by_month(allocation=explicit(m2021_01=1, m2021_02=1)), DISTRICTS)
    assert plan.wanted == {"2021-01": 1, "2021-02": 1, "2021-03": 0, "2021-04": 0}


@pytest.mark.parametrize(
    ("request_", "of", "option", "message"),
    [
        (
            MakeDraw(frame=FRAME, n=88),
            MEETINGS,
            "n",
            "n is 88, and frame “Möten” has 87 units. Ask for at most that many.",
        ),
        (
            by_month(per_stratum=16),
            MEETINGS,
            "per_stratum",
            "“2021-04” has 15 units, fewer than 16. Ask for at most 15 there.",
        ),
        (
            by_month(per_stratum=1),
            frame(("2021-01", "", 5), period="2021-01-01/2021-03-01"),
            "per_stratum",
            "“2021-02” has no units, so 1 cannot be drawn from it. Give an allocation without it.",
        ),
        (
            by_month(allocation=explicit(m2021_08=12, m2021_09=6, m2021_10=6)),
            AUTUMN,
            "allocation.0.n",
            "“2021-08” has 11 units, fewer than 12. Ask for at most 11 there.",
        ),
        (
            by_month(allocation=explicit(m2021_08=1, m2021_09=6, m2021_10=6, m2021_11=1)),
            AUTUMN,
            "allocation.3.stratum",
            (
                "The frame has no month “2021-11”. "
                "It has “2021-08” (11), “2021-09” (35), “2021-10” (38), units in brackets."
            ),
        ),
        (
            by_month(allocation=explicit(m2021_08=3, m2021_10=6)),
            AUTUMN,
            "allocation",
            "“2021-09” has 35 units and no n. Give it one; 0 leaves it out of the sample.",
        ),
        (
            by_month(allocation=[*explicit(m2021_08=3, m2021_09=3, m2021_10=6), *explicit(m2021_08=3)]),
            AUTUMN,
            "allocation.3.stratum",
            "“2021-08” stands twice. Give it one n.",
        ),
        (
            by_month(allocation=explicit(m2021_08=0, m2021_09=0, m2021_10=0)),
            AUTUMN,
            "allocation",
            "Every n is 0. Draw at least one case.",
        ),
    ],
)
def test_what_the_frame_does_not_hold_is_refused_by_option(request_, of, option, message):
    with pytest.raises(AllocationError) as caught:
        plan_draw(request_, of)
    assert [(error.field, error.message) for error in caught.value.errors] == [(option, message)]


@pytest.mark.parametrize(
    ("request_", "option"),
    [
        (MakeDraw(frame=FRAME), "n"),
        (MakeDraw(frame=FRAME, n=3, stratify_by="month"), "stratify_by"),
        (MakeDraw(frame=FRAME, n=3, per_stratum=1), "per_stratum"),
        (MakeDraw(frame=FRAME, n=3, allocation=explicit(m2021_01=1)), "allocation"),
        (MakeDraw(frame=FRAME, design="stratified", per_stratum=1), "stratify_by"),
        (by_month(per_stratum=1, n=4), "n"),
        (by_month(), "per_stratum"),
        (by_month(per_stratum=1, allocation=explicit(m2021_01=1)), "per_stratum"),
    ],
)
def test_options_that_contradict_each_other_are_named(request_, option):
    with pytest.raises(DesignError) as caught:
        plan_draw(request_, MEETINGS)
    assert [error.field for error in caught.value.errors] == [option]


def test_a_frame_without_a_stratum_column_has_no_strata():
    request = MakeDraw(frame=FRAME, design="stratified", stratify_by="stratum", per_stratum=1)
    with pytest.raises(DesignError, match="frozen without a stratum column"):
        plan_draw(request, frame(("2021-01", "", 5), columns=["month"]))
