"""Every way of making a figure is named, in both languages, in words that differ from each other."""

from typing import get_args

import pytest

from stickprov_contracts.http.statistics import Assumption, Interval, Method, NoInterval
from stickprov_reporting.domain.reports.methods import assumption, method_name, no_interval, promise, said_of
from stickprov_reporting.domain.reports.writing import Writer


def interval(method: Method, *taken: Assumption) -> Interval:
    shares = {"estimate": None, "estimate_share": None, "lower": 1, "upper": 2, "lower_share": 0.1, "upper_share": 0.2}
    exact = {"exact": False, "share_exact": False, "confidence": 0.95, "method": method, "assumptions": list(taken)}
    return Interval.model_validate(shares | exact)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_method_assumption_or_reason_is_without_words_of_its_own(language):
    writer = Writer(language)
    methods, taken, reasons = get_args(Method), get_args(Assumption), get_args(NoInterval)

    assert len({method_name(interval(method), writer) for method in methods}) == len(methods)
    assert len({promise(interval(method), writer) for method in methods}) == len(methods)
    assert len({assumption(one, writer) for one in taken}) == len(taken)
    assert len({no_interval(reason, writer) for reason in reasons}) == len(reasons)


def test_only_what_is_guaranteed_is_called_exact():
    writer = Writer("sv")

    for method in get_args(Method):
        told = method_name(interval(method), writer) + promise(interval(method), writer)
        assert ("ungefärlig" in told, "inte garanterad" in told) == (method.endswith("approximate"),) * 2


def test_what_is_exact_only_under_assumptions_is_not_called_exact_alone():
    taken = interval("hypergeometric-exact", "missing-at-random")

    assert method_name(taken, Writer("sv")) == "exakt, hypergeometriskt, under antaganden"
    assert method_name(taken.model_copy(update={"exact": True}), Writer("sv")) == "exakt, hypergeometriskt"


def test_what_holds_for_several_intervals_is_said_once():
    both = [
        interval("hypergeometric-exact", "missing-at-random"),
        None,
        interval("hypergeometric-exact", "missing-at-random"),
    ]

    assert len(said_of(both, Writer("sv"))) == 2
