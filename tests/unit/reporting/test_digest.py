"""The digest over a projection, and the comparison of stored facts with replayed ones."""

from stickprov_reporting.domain.audit.comparison import MOST_NAMED, FactComparison
from stickprov_reporting.domain.audit.digest import Fact, digest_of, facts_of, tables_of
from stickprov_reporting.domain.projection.fold import Folded
from support.reporting import case_drawn, defined, incoming, month_period, recorded, sample

EVENTS = incoming(
    [
        defined(categories=["deposit"]),
        sample("d", [("", "2021-01", 100, 3)], month_period("2021-01")),
        *(case_drawn("d", case, "2021-01") for case in "abc"),
        recorded("d", "b", "deposit", remark=True),
        recorded("d", "a"),
    ]
)


def tables(*events):
    projection = Folded()
    projection.apply(events or EVENTS)
    return tables_of(projection)


def test_the_digest_does_not_depend_on_the_order_in_which_facts_came_to_be():
    assert digest_of(tables(*reversed(EVENTS))) == digest_of(tables())


def test_every_fact_counts_in_the_digest():
    digests = {digest_of(tables(*EVENTS[:left_out], *EVENTS[left_out + 1 :])) for left_out in range(len(EVENTS))}

    assert len(digests | {digest_of(tables())}) == len(EVENTS) + 1


def test_facts_that_agree_give_the_digest_of_the_replayed_ones_and_no_difference():
    comparison = FactComparison(tables())
    for fact in facts_of(tables()):
        comparison.meet(fact)

    assert comparison.differences() == []
    assert comparison.digest() == digest_of(tables())


def test_differences_beyond_the_first_hundred_are_left_to_the_digest():
    comparison = FactComparison({"cell": {(str(number),): 1 for number in range(MOST_NAMED)}})
    for number in range(60):
        comparison.meet(Fact("cell", (str(number),), 2))

    found = comparison.differences()

    assert len(found) == MOST_NAMED
    assert (found[0].figure, found[0].stored, found[0].replayed) == ('cell ["0"]', "2", "1")
    assert (found[60].figure, found[60].stored, found[60].replayed) == ('cell ["60"]', "absent", "1")
