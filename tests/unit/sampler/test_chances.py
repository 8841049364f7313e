"""The rule gives every unit the chance that the design says: chi-square over a fixed list of seeds."""

from hashlib import sha256

from scipy.stats import chi2

from stickprov_sampler.domain.draw.ticket import start_of, ticket

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


def test_the_golden_start_is_what_it_always_was():
    assert start_of("13824381127973166541", 50) == 20


def test_every_start_of_a_systematic_sample_has_the_same_chance():
    """The first 600 of these seeds alone give p = 0.0007, and 400,000 after them 0.21: so this takes 20,000."""
    seeds = [sha256(f"seed {number}".encode()).hexdigest() for number in range(20_000)]
    counts = [0] * 25
    for seed in seeds:
        counts[start_of(seed, 25) - 1] += 1
    expected = len(seeds) / 25
    assert chi2.ppf(0.001, 24) < sum((count - expected) ** 2 / expected for count in counts) < chi2.ppf(0.999, 24)


def test_a_shift_changes_nobodys_chance():
    shift = "b" + "0" * 63
    counts = dict.fromkeys(UNITS, 0)
    for seed in SEEDS:
        tickets = sorted((ticket(seed, unit) < shift, ticket(seed, unit), unit) for unit in UNITS)
        for _, _, unit in tickets[:10]:
            counts[unit] += 1
    expected = len(SEEDS) / 4
    scaled = 39 / (40 * 0.75) * sum((count - expected) ** 2 / expected for count in counts.values())
    assert chi2.ppf(0.001, 39) < scaled < chi2.ppf(0.999, 39)
