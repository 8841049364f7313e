"""The rule gives every unit the chance that the design says: chi-square over a fixed list of seeds."""

from hashlib import sha256

from scipy.stats import chi2

from stickprov_sampler.domain.draw.ticket import ticket

SEEDS = [sha256(f"seed {number}".encode()).hexdigest() for number in range(600)]
UNITS = [sha256(f"unit {number}".encode()).hexdigest() for number in range(40)]


def statistic(units, n):
    """Pearson's statistic of how often each unit is drawn, scaled for drawing without replacement.

    The counts of a unit have variance S p (1 - p), and all counts sum to S n: with N - 1 degrees of freedom the
    factor is (N - 1) / (N (1 - p)).
    """
    counts = dict.fromkeys(units, 0)
    for seed in SEEDS:
        for unit in sorted(units, key=lambda unit: ticket(seed, unit))[:n]:
            counts[unit] += 1
    size, chance = len(units), n / len(units)
    expected = len(SEEDS) * chance
    scale = (size - 1) / (size * (1 - chance))
    return scale * sum((count - expected) ** 2 / expected for count in counts.values())


def test_every_unit_of_a_simple_sample_has_the_same_chance():
    assert chi2.ppf(0.001, 39) < statistic(UNITS, 10) < chi2.ppf(0.999, 39)


def test_every_unit_of_a_stratum_has_the_chance_of_its_stratum():
    assert chi2.ppf(0.001, 10) < statistic(UNITS[:11], 3) < chi2.ppf(0.999, 10)
    assert chi2.ppf(0.001, 28) < statistic(UNITS[11:], 6) < chi2.ppf(0.999, 28)
