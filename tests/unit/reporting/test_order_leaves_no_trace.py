"""A replay compares every digit: the order in which strata, cells and cases are held leaves no trace in a statistic."""

import random
from dataclasses import replace
from datetime import date

import pytest

from stickprov_reporting.domain.statistics.statistic import DateRange, statistics_of
from stickprov_reporting.domain.statistics.trend import trend_of
from support.statistics import EVER, drawn, monthly, place, together, weighed

YEAR = DateRange(date(2021, 1, 1), date(2022, 1, 1))


def shuffled(basis, seed):
    chance = random.Random(seed)

    def mixed(items):
        return chance.sample(list(items), len(items))

    return replace(
        basis,
        strata=dict(mixed(basis.strata.items())),
        cells=dict(mixed(basis.cells.items())),
        weighed=mixed(basis.weighed),
    )


def months():
    return monthly((f"2021-{m:02}", 101 + 7 * m, 5 + m, m % 4 + 1) for m in range(1, 13))


def strata():
    sizes = [place("2021-01", 11 + 2 * s, 3 + s, s, outside=1, waiting=s % 2, stratum=f"s{s}") for s in range(4)]
    return drawn("d", sizes, design="stratified", by=("stratum",))


def households():
    places = [
        place(
            "2021-01",
            50 + s,
            4 + s,
            stratum=f"s{s}",
            subunits=9 + s,
            subunits__reviewed=8 + s,
            subunits__remarks=3,
            square__subunits__reviewed=20 + 3 * s,
            square__subunits__remarks=4,
            product__subunits__remarks=6 + s,
        )
        for s in range(7)
    ]
    return drawn("d", places, design="cluster", by=("stratum",))


def payments():
    cases = [(0.03 + 0.07 * c / 13, {"reviewed": 1, "remarks": c % 3 % 2, "asked:f:q": 1}) for c in range(13)]
    return together(weighed("d", "2021-01", 300, cases), weighed("e", "2021-02", 200, cases[::-1]))


@pytest.mark.parametrize("made", [months, strata, households, payments])
def test_every_digit_is_the_same_in_any_order(made):
    basis = made()
    statistics = {statistics_of(shuffled(basis, seed), EVER, {}).model_dump_json() for seed in range(6)}
    trends = {trend_of(shuffled(basis, seed), YEAR, "quarter", {}).model_dump_json() for seed in range(6)}

    assert (len(statistics), len(trends)) == (1, 1)
