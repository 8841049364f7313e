"""Pareto sampling: the golden order, units that are taken for sure, and how near inclusion comes to what is wanted.

Sources: B. Rosén, "Asymptotic theory for order sampling" and "On sampling with probability proportional to size", both
Journal of Statistical Planning and Inference 62 (1997), and "On inclusion probabilities for order pi-ps sampling", same
journal 90 (2000); the exact probabilities after N. Aires (1999), see support.order_sampling.
"""

from decimal import Decimal
from itertools import pairwise
from math import log

import numpy as np

from stickprov_sampler.domain.draw.pareto import ranking, shares, uniform
from stickprov_sampler.domain.draw.ticket import ticket
from support.draw_chances import as_stated, fixed_seeds, units_called
from support.order_sampling import exact_inclusion

SEEDS = fixed_seeds(20_000)
SKEWED = [10, 20, 40, 40, 80, 130]
"""Sizes of six payments, so unlike that exact and wanted chances can be told apart."""


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


# Inclusion probabilities: simulated, exact, and wanted


def wanted_of(n, sizes):
    found = shared(n, sizes)
    return [found.chance(Decimal(size)) for size in sizes]


def drawn_indicators(wanted, n, units):
    """Draw with every seed of the list; a row a draw, a column a unit."""
    indicators = np.zeros((len(SEEDS), len(units)))
    for row, seed in zip(indicators, SEEDS, strict=True):
        order = sorted(
            range(len(units)), key=lambda place: ranking(uniform(ticket(seed, units[place]), None), wanted[place])
        )
        row[order[:n]] = 1
    return indicators


def test_the_exact_inclusion_of_one_of_two_is_what_the_integral_gives_by_hand():
    """Of λ = 1/4 and 3/4, the odds' ratio is c = 9: P = c ln c / (c - 1)^2 - 1 / (c - 1)."""
    first, second = exact_inclusion([0.25, 0.75], 1)
    assert abs(first - (9 * log(9) / 64 - 1 / 8)) < 1e-12
    assert abs(first + second - 1) < 1e-12


def test_exact_inclusion_is_n_of_n_for_units_alike_and_always_sums_to_n():
    assert np.allclose(exact_inclusion([0.3] * 10, 3), 0.3, atol=1e-12)
    for n in (1, 2):
        assert abs(sum(exact_inclusion(wanted_of(n, SKEWED), n)) - n) < 1e-10


def test_units_are_drawn_as_often_as_the_exact_probabilities_say():
    exact = exact_inclusion(wanted_of(2, SKEWED), 2)
    indicators = drawn_indicators(wanted_of(2, SKEWED), 2, units_called("payment", len(SKEWED)))
    assert as_stated(indicators, exact)


def test_the_simulation_is_long_enough_to_tell_exact_from_wanted_probabilities():
    wanted = wanted_of(2, SKEWED)
    indicators = drawn_indicators(wanted, 2, units_called("payment", len(SKEWED)))
    assert not as_stated(indicators, wanted)


def test_beside_units_that_are_taken_for_sure_the_others_are_drawn_as_among_themselves():
    sizes = [900, *SKEWED, 700]
    wanted = wanted_of(4, sizes)
    indicators = drawn_indicators(wanted, 4, units_called("payment", len(sizes)))
    assert (wanted[0], wanted[-1]) == (1.0, 1.0)
    assert indicators[:, [0, -1]].all()
    assert as_stated(indicators[:, 1:-1], exact_inclusion(wanted[1:-1], 2))


def test_exact_probabilities_come_close_to_the_wanted_ones_as_rosen_proves():
    """Rosén (1997; 2000) proves the limit π / λ → 1 and gives no figure for a finite frame; so they are computed here.

    The same frame, two, four, eight and sixteen times as large with as many times more drawn: at twice the size the
    error is a quarter.
    """
    off = []
    for times in (1, 2, 4, 8, 16):
        wanted = wanted_of(2 * times, SKEWED * times)
        exact = exact_inclusion(wanted, 2 * times)
        off.append(max(abs(pi / chance - 1) for pi, chance in zip(exact, wanted, strict=True)))
    assert 0.044 < off[0] < 0.045
    assert all(3.9 < earlier / later < 4.1 for earlier, later in pairwise(off))
    assert off[-1] < 0.001


def test_in_a_frame_of_forty_the_chances_are_right_to_a_thousandth():
    sizes = [5 + place % 11 * 3 for place in range(40)]
    for n in (2, 4, 8, 12, 16):
        wanted = wanted_of(n, sizes)
        off = [abs(pi / chance - 1) for pi, chance in zip(exact_inclusion(wanted, n), wanted, strict=True)]
        assert max(off) < 0.001
