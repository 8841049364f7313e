"""Every design gives every unit the chance that it says: simulated over a fixed list of seeds.

The engine that draws is compared with this plain Python in tests/integration/sampler; so what is simulated here at
little cost holds for it too.
"""

from decimal import Decimal
from uuid import UUID

import pytest

from stickprov_contracts.events.sampler import FrameFrozen, StratumSize
from stickprov_contracts.http.sampler import ExplicitAllocation, MakeDraw, StandardDeviation
from stickprov_kernel.period import parse_period
from stickprov_sampler.domain.draw.allocation import plan_draw
from stickprov_sampler.domain.draw.selection import Selected, chance_of
from stickprov_sampler.domain.draw.survey import Cell, Survey, survey_of
from stickprov_sampler.domain.draw.ticket import start_of, ticket
from support.draw_chances import counted, fixed_seeds, pearson, smallest, units_called, within, without_replacement

SEEDS = fixed_seeds(5000)
FRAME = UUID("00000000-0000-5000-8000-000000000001")
UNITS = {"Enhet A": units_called("A", 11), "Enhet B": units_called("B", 35), "Enhet C": units_called("C", 38)}
SIZES = {name: len(units) for name, units in UNITS.items()}
EVERYBODY = [unit for units in UNITS.values() for unit in units]


def frame(columns=("unit",)):
    return FrameFrozen(
        frame=FRAME,
        frame_name="Möten",
        control_point="AMF-2021-4",
        period=parse_period("2021-03"),
        series=UUID("00000000-0000-7000-8000-000000000002"),
        size=len(EVERYBODY),
        strata=[StratumSize(stratum="", month="2021-03", size=len(EVERYBODY))],
        frame_hash="a" * 64,
        source_hash="b" * 64,
        columns=["month", "subunits", *columns],
    )


def by_unit(handlers):
    return Survey(["unit"], [Cell("2021-03", name, size) for name, size in SIZES.items()], handlers)


def stated_chance(plan, part):
    unit = Selected("f" * 64, "2021-03", part, "", None, None, "f" * 64, 1)
    return chance_of(unit, plan)


def test_a_simple_sample():
    plan = plan_draw(MakeDraw(frame=FRAME, n=21), frame())
    counts = counted(lambda seed: smallest(seed, EVERYBODY, 21), SEEDS)

    assert stated_chance(plan, "") == 21 / 84
    assert within(without_replacement(counts, EVERYBODY, 21, len(SEEDS)), 83)


ALLOCATIONS = {
    "the same from each": ({"per_stratum": 4}, (4, 4, 4)),
    "explicit": (
        {"allocation": [ExplicitAllocation(stratum=name, n=n) for name, n in zip(SIZES, (3, 6, 6), strict=True)]},
        (3, 6, 6),
    ),
    "proportional": ({"allocate": "proportional", "n": 15}, (2, 6, 7)),
    "equal": ({"allocate": "equal", "n": 16}, (6, 5, 5)),
    "per reviewer": ({"allocate": "per_reviewer"}, (2, 5, 9)),
    "Neyman": (
        {
            "allocate": "neyman",
            "n": 20,
            "standard_deviations": [
                StandardDeviation(stratum=name, value=Decimal(value))
                for name, value in zip(SIZES, ("2.5", "0.5", "1"), strict=True)
            ],
        },
        (7, 4, 9),
    ),
}


@pytest.mark.parametrize("design", ["stratified", "cluster"])
@pytest.mark.parametrize(("options", "wanted"), ALLOCATIONS.values(), ids=ALLOCATIONS)
def test_a_stratified_sample_and_one_of_clusters(design, options, wanted):
    request = MakeDraw(frame=FRAME, design=design, stratify_by=["unit"], **options)
    plan = plan_draw(request, frame(), by_unit(dict(zip(SIZES, (2, 5, 9), strict=True))))

    assert tuple(plan.wanted.values()) == wanted
    assert [stated_chance(plan, part) for part in SIZES] == [n / SIZES[part] for part, n in plan.wanted.items()]
    # Each stratum's counts are independent of the others', because no unit is in two; so the statistics add up.
    statistic = 0.0
    for part, units in UNITS.items():
        n = plan.wanted[part]
        counts = counted(lambda seed, units=units, n=n: smallest(seed, units, n), SEEDS)
        statistic += without_replacement(counts, units, n, len(SEEDS))
    assert within(statistic, sum(size - 1 for size in SIZES.values()))


def test_a_sample_of_each_handlers_cases():
    groups = {"p1": units_called("p1", 2), "p2": units_called("p2", 9), "p3": units_called("p3", 30)}
    cells = [StratumSize(stratum=name, month="2021-03", size=len(units)) for name, units in groups.items()]
    frozen = frame(["handler"]).model_copy(update={"strata": cells, "size": 41})
    plan = plan_draw(MakeDraw(frame=FRAME, design="per_group", per_group=3), frozen, survey_of(frozen))

    assert plan.wanted == {"p1": 2, "p2": 3, "p3": 3}
    assert [stated_chance(plan, part) for part in groups] == [1.0, 3 / 9, 3 / 30]
    counts = counted(lambda seed: (unit for name in groups for unit in smallest(seed, groups[name], 3)), SEEDS)
    assert all(counts[unit] == len(SEEDS) for unit in groups["p1"])
    statistic = sum(without_replacement(counts, groups[name], 3, len(SEEDS)) for name in ("p2", "p3"))
    assert within(statistic, 8 + 29)


def test_a_shift_changes_nobodys_chance():
    shift = "b" + "0" * 63

    def shifted(seed):
        return sorted(EVERYBODY, key=lambda unit: (ticket(seed, unit) < shift, ticket(seed, unit)))[:21]

    assert within(without_replacement(counted(shifted, SEEDS), EVERYBODY, 21, len(SEEDS)), 83)


# Systematic samples


def test_the_golden_start_is_what_it_always_was():
    assert start_of("13824381127973166541", 50) == 20


@pytest.mark.parametrize("interval", [2, 10, 25, 97])
def test_every_start_of_a_systematic_sample_has_the_same_chance(interval):
    """So has every unit where the sort key leaves no ties: its place alone says which start draws it."""
    seeds = fixed_seeds(20_000)
    counts = [0] * interval
    for seed in seeds:
        counts[start_of(seed, interval) - 1] += 1

    assert within(pearson(counts, [1 / interval] * interval), interval - 1)


@pytest.mark.parametrize("interval", [2, 3, 25, 1_000, 999_983, 10_000_000])
def test_the_starts_remainder_favours_no_start_by_more_than_its_docstring_says(interval):
    """Of the 2^60 values, each remainder has q or q + 1; so chances differ from 1/k by less than one in 2^60."""
    fewest, left_over = divmod(2**60, interval)
    most = fewest + (left_over > 0)

    assert (most - fewest) / fewest < 2 * interval / 2**60
    assert most * interval / 2**60 - 1 < interval / 2**60


def test_a_systematic_sample_of_units_that_all_tie_is_a_simple_one():
    """Ties go by ticket, so that every k-th of them is: each unit has the chance 1/k, whatever its ticket is."""
    units = units_called("tied", 40)

    def every_tenth(seed):
        return sorted(units, key=lambda unit: ticket(seed, unit))[start_of(seed, 10) - 1 :: 10]

    assert within(without_replacement(counted(every_tenth, SEEDS), units, 4, len(SEEDS)), 39)
