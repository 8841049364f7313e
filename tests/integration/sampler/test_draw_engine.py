"""The engine's statements give every unit its chance, and draw what plain Python draws, for every seed of the list."""

from decimal import Decimal

import duckdb
import numpy as np
import pytest

from stickprov_sampler.adapters.draws.statements import statement_of
from stickprov_sampler.domain.draw.pareto import ranking, shares, uniform
from stickprov_sampler.domain.draw.plan import Plan
from stickprov_sampler.domain.draw.ticket import start_of, ticket
from support.draw_chances import as_stated, fixed_seeds, smallest, units_called, within, without_replacement
from support.order_sampling import exact_inclusion

SEEDS = fixed_seeds(600)
STRATA = {"A": units_called("A", 11), "B": units_called("B", 35), "C": units_called("C", 38)}
UNITS = [unit for units in STRATA.values() for unit in units]
STRATUM = {unit: name for name, units in STRATA.items() for unit in units}
AMOUNTS = {unit: 10 + place % 9 * 20 for place, unit in enumerate(UNITS)}
KEYS = {unit: place % 4 for place, unit in enumerate(UNITS)}
TWENTY_LARGEST = sorted(map(Decimal, AMOUNTS.values()), reverse=True)[:20]

NEYMAN = Plan("stratified", ("stratum",), {"A": 11, "B": 35, "C": 38}, {"A": 7, "B": 4, "C": 9}, rule="neyman")
SIMPLE = Plan("simple", (), {"": 84}, {"": 21})
PPS = Plan(
    "pps",
    (),
    {"": 84},
    {"": 20},
    size_column="amount",
    shared=shares(20, TWENTY_LARGEST, Decimal(sum(AMOUNTS.values()))),
)
SYSTEMATIC = Plan("systematic", (), {"": 84}, {"": 12}, sort_key="key", interval=7)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Return what a plan draws with each seed."""
    file = tmp_path_factory.mktemp("frame") / "frame.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE frame AS SELECT unnest($1) AS case_id, unnest($2) AS stratum, unnest($3) AS amount,"
            " unnest($4) AS key, '2021-03' AS month, '' AS unit, NULL::VARCHAR AS handler, 1 AS subunits",
            [UNITS, list(STRATUM.values()), list(AMOUNTS.values()), list(KEYS.values())],
        )
        connection.execute(f"COPY frame TO '{file}' (FORMAT parquet)")

        def by_every_seed(plan):
            samples = []
            for seed in SEEDS:
                statement = statement_of(plan, str(file), seed)
                samples.append(
                    [row[0] for row in connection.execute(statement.sql, dict(statement.arguments)).fetchall()]
                )
            return samples

        yield by_every_seed


def counts_of(samples):
    counts = {}
    for sample in samples:
        for unit in sample:
            counts[unit] = counts.get(unit, 0) + 1
    return counts


def test_a_simple_sample(drawn):
    samples = drawn(SIMPLE)

    assert samples == [smallest(seed, UNITS, 21) for seed in SEEDS]
    assert within(without_replacement(counts_of(samples), UNITS, 21, len(SEEDS)), 83)


def test_a_sample_allocated_by_neyman(drawn):
    samples = drawn(NEYMAN)

    assert samples == [
        [unit for name, units in STRATA.items() for unit in smallest(seed, units, NEYMAN.wanted[name])]
        for seed in SEEDS
    ]
    counts = counts_of(samples)
    statistic = sum(without_replacement(counts, STRATA[name], n, len(SEEDS)) for name, n in NEYMAN.wanted.items())
    assert within(statistic, 10 + 34 + 37)


def test_a_systematic_sample_by_a_key_with_many_ties(drawn):
    samples = drawn(SYSTEMATIC)

    by_key = [sorted(UNITS, key=lambda unit, seed=seed: (KEYS[unit], ticket(seed, unit))) for seed in SEEDS]
    assert samples == [order[start_of(seed, 7) - 1 :: 7] for order, seed in zip(by_key, SEEDS, strict=True)]
    # Each of the four keys has 21 units in a row, three of which are drawn: a simple sample of them.
    counts = counts_of(samples)
    groups = [[unit for unit in UNITS if KEYS[unit] == key] for key in range(4)]
    for group in groups:
        assert within(without_replacement(counts, group, 3, len(SEEDS)), 20)


def test_a_sample_by_size(drawn):
    samples = drawn(PPS)

    chances = {unit: PPS.shared.chance(Decimal(AMOUNTS[unit])) for unit in UNITS}
    assert PPS.shared.certain == 0
    assert samples == [
        sorted(UNITS, key=lambda unit, seed=seed: ranking(uniform(ticket(seed, unit), None), chances[unit]))[:20]
        for seed in SEEDS
    ]
    indicators = np.array([[unit in set(sample) for unit in UNITS] for sample in samples], dtype=float)
    assert as_stated(indicators, exact_inclusion([chances[unit] for unit in UNITS], 20))
