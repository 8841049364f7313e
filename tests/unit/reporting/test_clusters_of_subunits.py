"""Subunits inside cases: the combined ratio against a library, against every sample of a small frame, and its edges."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stickprov_reporting.domain.statistics.interval import limits_of
from stickprov_reporting.domain.statistics.parts import Part
from stickprov_reporting.domain.statistics.ratio import (
    ClusterPart,
    freedom_of,
    ratio_limits,
    totals_of,
    variance_of_total,
    why_no_ratio,
)

# N_h, then of each drawn case how many subunits it has and how many of them have a remark.
FIVE_UNITS = {
    120: "2/1 5/4 5/2 4/1 2/1 4/2 2/2 2/0 2/0 4/0 2/1 1/1",
    95: "2/1 5/0 1/0 1/0 2/0 1/0 2/2 1/1 3/3",
    210: "4/0 2/0 2/0 3/0 2/0 3/1 1/1 5/0 2/0 1/1 2/0 2/0 1/0 3/1 1/0",
    60: "5/1 2/1 1/1 2/0",
    250: "5/0 1/0 4/1 2/0 2/0 2/1 1/1 2/1 1/1 3/0 1/0 1/0 2/2 4/0 5/2 5/5 3/0 3/2 1/1 5/0 3/1 4/1 4/1 2/0",
}


def part(size, cases):
    """Return a part from (subunits, remarks) of each known case."""
    m, y = [case[0] for case in cases], [case[1] for case in cases]
    products = sum(a * b for a, b in cases)
    squares = sum(b * b for b in y), sum(a * a for a in m)
    return ClusterPart(size, len(cases), sum(y), sum(m), *squares, products, sum(m))


def five_units():
    return [
        part(size, [tuple(map(int, case.split("/"))) for case in cases.split()]) for size, cases in FIVE_UNITS.items()
    ]


def test_a_library_for_survey_samples_finds_the_same():
    # svy 0.35: Design(stratum, psu, wgt, pop_size), prop(ci_method="logit") and total; not installed with the project.
    parts = five_units()

    share = ratio_limits(parts)

    ratio = totals_of(parts).counted / totals_of(parts).among
    assert share.estimate == pytest.approx(0.2876839612744651, rel=1e-12)
    assert share.lower == pytest.approx(0.21071959952719127, rel=1e-12)
    assert share.upper == pytest.approx(0.37925183163070786, rel=1e-12)
    error = float(variance_of_total(parts, ratio)) ** 0.5 / float(totals_of(parts).among)
    assert error == pytest.approx(0.04239098770637829, rel=1e-12)
    assert freedom_of(parts) == 59
    assert float(totals_of(parts).counted) == pytest.approx(533.2222222222224)
    assert float(variance_of_total(parts, Fraction(0))) ** 0.5 == pytest.approx(79.16941638969493, rel=1e-12)


def test_over_all_samples_the_total_and_its_variance_are_right_on_average():
    frame = [(1, 0), (2, 2), (5, 1), (3, 3), (1, 1), (4, 0), (2, 1)]
    samples = [part(len(frame), list(drawn)) for drawn in itertools.combinations(frame, 3)]
    truth = sum(y for _, y in frame)

    totals = [totals_of([sample]).counted for sample in samples]
    variances = [variance_of_total([sample], Fraction(0)) for sample in samples]

    assert sum(totals) / len(totals) == truth
    assert sum(variances) / len(variances) == sum((total - truth) ** 2 for total in totals) / len(totals)


def test_over_all_samples_the_ratio_covers_the_truth_about_as_often_as_it_says():
    frame = [(1, 0), (2, 2), (5, 1), (3, 3), (1, 1), (4, 0), (2, 1), (2, 0), (3, 1), (1, 0), (5, 3), (2, 0)]
    truth = sum(y for _, y in frame) / sum(m for m, _ in frame)
    limits = [ratio_limits([part(len(frame), list(drawn))]) for drawn in itertools.combinations(frame, 6)]

    covered = sum(found.lower <= truth <= found.upper for found in limits) / len(limits)

    assert 0.93 <= covered <= 1


def test_cases_of_one_subunit_each_are_a_simple_sample():
    cases = [(1, 1)] * 6 + [(1, 0)] * 14

    variance = variance_of_total([part(222, cases)], Fraction(6, 20))

    # N^2 (1 - f) p q / (n - 1)
    assert variance == Fraction(222 * 222) * (1 - Fraction(20, 222)) * Fraction(6, 20) * Fraction(14, 20) / 19


def test_a_case_that_does_not_belong_counts_without_subunits():
    with_one = part(50, [(2, 1), (3, 0), (1, 1), (0, 0)])

    assert with_one.known == 4
    assert totals_of([with_one]).counted == Fraction(50 * 2, 4)


def test_a_part_that_is_known_as_a_whole_adds_no_doubt():
    whole = part(2, [(3, 1), (2, 2)])

    assert ratio_limits([whole]) == (0.6, 0.6, 0.6)
    assert variance_of_total([whole, *five_units()], Fraction(1, 3)) == variance_of_total(five_units(), Fraction(1, 3))


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        pytest.param([part(50, [(3, 1)])], "one-per-group", id="one case of a frame"),
        pytest.param([part(50, [(3, 1), (1, 0)]), part(9, [(1, 1)])], "one-per-group", id="one case of a stratum"),
        pytest.param([part(50, [(3, 1), (1, 0)]), part(9, [])], "part-without-review", id="a stratum without any"),
        pytest.param([part(50, [(0, 0), (0, 0)])], "nothing-reviewed", id="no subunit belongs"),
        pytest.param([part(0, [(1, 0), (1, 0)])], "sample-unheard", id="the sample was not heard of yet"),
    ],
)
def test_there_is_no_ratio_and_it_is_said_why(parts, reason):
    assert why_no_ratio(parts) == reason


def test_the_only_case_of_a_stratum_is_all_of_it_and_needs_no_variance():
    assert why_no_ratio([part(50, [(3, 1), (1, 0)]), part(1, [(4, 2)])]) is None


def test_cases_that_do_not_differ_are_no_proof_that_the_others_are_like_them():
    none = ratio_limits([part(87, [(2, 0)] * 12)])
    everybody = ratio_limits([part(87, [(2, 2), (3, 3)] * 6)])
    half = ratio_limits([part(87, [(2, 1)] * 12)])

    assert none == (0.0, 0.0, 21 / 87)
    assert everybody == (1.0, 66 / 87, 1.0)
    found = limits_of([Part(87, 12, 6)], 0, Fraction(95, 100))
    assert half == (0.5, found.lower / 87, found.upper / 87)


@st.composite
def clusters(draw):
    cases = draw(
        st.lists(st.integers(0, 6).flatmap(lambda m: st.tuples(st.just(m), st.integers(0, m))), min_size=2, max_size=8)
    )
    return part(draw(st.integers(len(cases), 60)), cases)


@given(st.lists(clusters(), min_size=1, max_size=4))
@settings(deadline=None)
def test_limits_hold_the_estimate_lie_within_0_and_1_and_do_not_depend_on_the_order_of_parts(parts):
    assume(why_no_ratio(parts) is None)
    found = ratio_limits(parts)

    assert 0 <= found.lower <= found.estimate + 1e-12
    assert found.estimate - 1e-12 <= found.upper <= 1
    assert ratio_limits(parts[::-1]) == found
