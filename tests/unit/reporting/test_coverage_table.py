"""The table of coverages: what is claimed holds, and the page says what was measured."""

from functools import cache

from support.coverage_table import EXACT, PAGE, QUICK


@cache
def measured():
    return [make() for make in QUICK]


def test_the_page_says_what_is_measured():
    page = PAGE.read_text(encoding="utf-8").splitlines()

    missing = [coverage.line() for coverage in measured() if coverage.line() not in page]

    assert missing == [], "run `make coverage-table`"


def test_every_method_called_exact_holds_the_truth_in_at_least_95_percent_of_samples():
    exact = [coverage for coverage in measured() if coverage.method in EXACT]

    assert {coverage.method for coverage in exact} == {"hypergeometric-exact", "stratified-exact"}
    assert min(min(coverage.reached) for coverage in exact) >= 0.95
