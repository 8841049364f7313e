"""The figures in the explaining pages are those that our own code computes."""

import re
from fractions import Fraction
from functools import cache
from hashlib import sha256
from math import comb, sqrt
from pathlib import Path

import pytest

from stickprov_reporting.domain.statistics.hypergeometric import exact_limits
from stickprov_reporting.domain.statistics.stratified import Drawn, stratified_limits
from stickprov_sampler.domain.draw.ticket import ticket

PAGES = Path(__file__).parents[3] / "docs" / "explanation"
Z = 1.959964


def rows(page: str, table: str) -> list[list[str]]:
    text = (PAGES / page).read_text(encoding="utf-8").partition(f"<!-- computed: {table} -->\n")[2]
    lines = re.match(r"(?:\|.*\n)+", text)
    assert lines is not None, f"{page} has no table {table}"
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[0].splitlines()[2:]]


def normal(size: int, reviewed: int, remarks: int) -> tuple[float, float]:
    """The textbook's limits of the share, with the finite correction that flatters them most."""
    share = remarks / reviewed
    half = Z * sqrt(share * (1 - share) / reviewed * (1 - reviewed / size))
    return share - half, share + half


def per_cent(lower: float, upper: float) -> str:
    return f"{100 * lower:.1f} to {100 * upper:.1f} %"


@pytest.mark.parametrize("row", rows("intervals.md", "exact"), ids=lambda row: " of ".join(row[:3]))
def test_an_interval_of_the_page_is_the_one_that_we_compute(row: list[str]):
    size, reviewed, remarks = map(int, row[:3])

    lower, upper = exact_limits(size, reviewed, remarks)

    assert row[3] == f"{lower} to {upper}"
    assert row[4] == per_cent(lower / size, upper / size)
    assert row[5] == per_cent(*normal(size, reviewed, remarks))


def test_the_coverage_of_the_page_is_that_of_every_sample_there_is():
    size, reviewed = 222, 20

    @cache
    def within(method: str, remarks: int) -> tuple[float, float]:
        if method == "exact":
            return exact_limits(size, reviewed, remarks)
        lower, upper = normal(size, reviewed, remarks)
        return size * lower, size * upper

    def coverage(method: str, marked: int) -> Fraction:
        held = [x for x in range(reviewed + 1) if within(method, x)[0] <= marked <= within(method, x)[1]]
        ways = sum(comb(marked, x) * comb(size - marked, reviewed - x) for x in held)
        return Fraction(ways, comb(size, reviewed))

    told = {row[0]: row[1:] for row in rows("intervals.md", "coverage")}
    for name, method in (("exact", "exact"), ("normal approximation, with finite correction", "normal")):
        # With no deviation at all in the register both are right for sure, and the mean is over all truths.
        found = [coverage(method, marked) for marked in range(size + 1)]
        lowest, mean = float(min(found)), float(sum(found) / len(found))
        assert told[name] == [f"{100 * lowest:.1f} %", f"{100 * mean:.1f} %"]


@pytest.mark.parametrize("row", rows("intervals.md", "stratified"))
def test_an_interval_over_parts_of_the_page_is_the_one_that_we_compute(row: list[str]):
    parts = tuple(Drawn(*map(int, cell.split(", "))) for cell in row[:2])

    assert row[2] == "{} to {}".format(*stratified_limits(parts))


def test_the_tickets_of_the_page_are_those_that_sha256_gives():
    seed = "13824381127973166541"
    told = rows("the-draw.md", "tickets")
    found = {case: ticket(seed, case) for case in ("aaaa", "bbbb", "cccc")}

    assert found["aaaa"] == sha256(b"13824381127973166541|aaaa").hexdigest()
    assert [(case.strip("`"), begins.strip("`")) for case, begins, _ in told] == [
        (case, whole[:8]) for case, whole in found.items()
    ]
    assert [place for _, _, place in told] == [str(sorted(found.values()).index(one) + 1) for one in found.values()]
