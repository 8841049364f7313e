"""Pareto sampling: the golden order, units that are taken for sure, and how near inclusion comes to what is wanted."""

from decimal import Decimal
from hashlib import sha256

from scipy.stats import chi2

from stickprov_sampler.domain.draw.pareto import ranking, shares, uniform
from stickprov_sampler.domain.draw.ticket import ticket

SEEDS = [sha256(f"seed {number}".encode()).hexdigest() for number in range(1500)]


def shared(n, sizes):
    falling = sorted(map(Decimal, sizes), reverse=True)
    return shares(n, falling[:n], sum(falling))


def test_chances_are_proportional_to_size():
    found = shared(2, [10, 20, 30, 40])
    assert (found.certain, found.n, found.total) == (0, 2, 100)
    assert [found.chance(Decimal(size)) for size in (10, 20, 30, 40)] == [0.2, 0.4, 0.6, 0.8]


def test_a_unit_whose_share_reaches_one_is_taken_for_sure_and_the_rest_shared_out_anew():
    # 3 * 60 / 100 >= 1; then 2 * 25 / 40 >= 1; then 1 * 10 / 15 < 1.
    found = shared(3, [60, 25, 10, 5])
    assert (found.certain, found.certain_from, found.n, found.total) == (2, 25, 1, 15)
    assert [found.chance(Decimal(size)) for size in (60, 25)] == [1.0, 1.0]
    assert abs(found.chance(Decimal(10)) - 2 / 3) < 1e-12


def test_chances_sum_to_n_whatever_the_sizes():
    sizes = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144]
    for n in range(1, len(sizes) + 1):
        found = shared(n, sizes)
        assert abs(sum(found.chance(Decimal(size)) for size in sizes) - n) < 1e-9


def test_when_all_are_drawn_all_are_taken_for_sure():
    assert shared(3, [1, 1, 1]).certain == 3


def test_the_random_number_is_the_tickets_place_among_two_to_the_52nd_counted_from_the_shift():
    assert uniform("8" + "0" * 63, None) == 0.5 + 2**-53
    assert uniform("8" + "0" * 63, "4" + "0" * 63) == 0.25 + 2**-53
    assert uniform("0" * 64, "c" + "0" * 63) == 0.25 + 2**-53


def test_golden_ranking_variable():
    drawn = uniform(ticket("13824381127973166541", "SN-2025-0217864"), None)
    assert ranking(drawn, 0.25) == 3 * drawn / (1 - drawn)


def test_inclusion_is_what_rosen_says_within_the_error_expected():
    """Rosén 1997: π comes close to λ. So the counts are off by chance, and by no more than a tenth of it beyond."""
    sizes = [Decimal(5 + place % 11 * 3) for place in range(40)]
    units = [sha256(f"unit {place}".encode()).hexdigest() for place in range(40)]
    found = shared(12, sizes)
    wanted = [found.chance(size) for size in sizes]
    counts = [0] * len(units)
    for seed in SEEDS:
        values = [
            ranking(uniform(ticket(seed, case), None), chance) for case, chance in zip(units, wanted, strict=True)
        ]
        for place in sorted(range(len(units)), key=values.__getitem__)[:12]:
            counts[place] += 1
    statistic = sum(
        (count - len(SEEDS) * chance) ** 2 / (len(SEEDS) * chance * (1 - chance))
        for count, chance in zip(counts, wanted, strict=True)
    )
    assert chi2.ppf(0.0005, 39) < statistic < chi2.ppf(0.9995, 39) * 1.1
    by_size = {}
    for size, count, chance in zip(sizes, counts, wanted, strict=True):
        drawn, expected = by_size.get(size, (0, 0.0))
        by_size[size] = (drawn + count, expected + len(SEEDS) * chance)
    assert all(abs(drawn - expected) < 4 * expected**0.5 for drawn, expected in by_size.values())
