"""The verifier counts anew, with none of reporting's code, and gets what reporting gets; it says what it leaves."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stickprov_client.bundle.verifying.comparing import check_statistics
from stickprov_client.bundle.verifying.counting import Fold
from stickprov_client.bundle.verifying.events import read_event
from stickprov_client.bundle.verifying.facts import Facts
from stickprov_client.bundle.verifying.limits import exact_bounds
from stickprov_client.bundle.verifying.told import Different, Report
from stickprov_reporting.domain.statistics.hypergeometric import exact_limits
from support.bundled_control import controlled
from support.bundles import Books
from support.histories import POINTS, histories
from support.reporting import JANUARY_TO_MARCH, defined, month_of_document


def checked(books, change=lambda _: None):
    """Fold the logs anew and compare with what reporting says of them, after a change to that."""
    stored = {one["control_point"]: one for one in (found.model_dump(mode="json") for found in books.statistics())}
    change(stored)
    facts = Facts(Fold({point: {log.source: log.size for log in books.logs} for point in stored}))
    for log in books.logs:
        for number, line in enumerate(log.contents()[f"logs/{log.source}/events.jsonl"].splitlines(), start=1):
            facts.take(read_event(log.source, line, number))
    report = Report()
    check_statistics(facts.fold, stored, report)
    return report


@settings(max_examples=40, deadline=None)
@given(histories())
def test_any_history_gives_the_verifier_the_figures_that_it_gives_reporting(history):
    # given
    books = Books(points=POINTS, period={"start": "2021-01-01", "end": "2021-12-31", "label": "2021"})
    books.sampler.add(*history.sampler_events)
    books.findings.add(*history.findings_events)

    # then: nothing differs, and something was compared
    report = checked(books)
    assert [said.values["count"] > 30 for said in report.checks] == [True] * len(POINTS)


@given(
    st.integers(1, 400).flatmap(
        lambda size: st.integers(1, size).flatmap(
            lambda known: st.tuples(st.just(size), st.just(known), st.integers(0, known))
        )
    )
)
def test_exact_limits_are_those_of_reporting(counts):
    assert exact_bounds(*counts) == exact_limits(*counts, Fraction(95, 100))


@pytest.mark.parametrize(
    ("counts", "limits"),
    [
        ((222, 20, 11), (73, 168)),
        ((7989, 509, 104), (1368, 1923)),
        ((87, 12, 0), (0, 21)),
        ((2663, 156, 28), (331, 657)),
    ],
)
def test_exact_limits_are_those_of_the_documents(counts, limits):
    assert exact_bounds(*counts) == limits


def test_limits_over_months_are_recovered_from_each_months_own():
    # given: January to March 2021 of the documents, 2663 households each
    books = Books(points=["AMF-2021-3"])
    books.sampler.add(defined("AMF-2021-3"))
    for count in JANUARY_TO_MARCH:
        for event in month_of_document(count):
            (books.sampler if event.source == "sampler" else books.findings).add(event)
    (stored,) = books.statistics()

    # when
    report = checked(books)

    # then
    assert stored.interval is not None
    assert (stored.interval.method, round(stored.interval.lower, 1)) == ("mover-approximate", 1352.6)
    left = [said.values["figures"] for said in report.notes]
    assert not [figures for figures in left if "interval" in figures]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda one: one["total"].update(remarks=9), "total.remarks"),
        (lambda one: one["months"][0].update(size=41), "months.[2021-01].size"),
        (lambda one: one["months"].pop(), "months.[2021-02]"),
        (lambda one: one["months"][1]["interval"].update(lower=0), "months.[2021-02].interval.lower"),
        (lambda one: one["categories"][0]["by_month"].update({"2021-01": 0}), "categories.[deposits].by_month.2021-01"),
        (lambda one: one["pooled"].update(value=0.1), "pooled.value"),
        (lambda one: one["units"][0].update(waiting=7), "units.[Norr].waiting"),
        (lambda one: one["reasons"][0].update(count=3), "reasons.[over-coverage case duplicate].count"),
        (lambda one: one["agreement"].update(kappa=1.0), "agreement.kappa"),
        (lambda one: one["conclusions"][0].update(verdict="not-followed"), "conclusions"),
        (lambda one: one["questions"][0]["options"][0]["share"].update(numerator=1), "questions"),
        (lambda one: one["missing"].update(missing=0), "missing.missing"),
        (lambda one: one["verdict"].update(verdict="followed"), "verdict.verdict"),
        (lambda one: one.update(tolerance="0.5"), "tolerance"),
        (lambda one: one.update(weighted=0.0), "weighted"),
        (lambda one: one.update(mean_of_months=None), "mean_of_months"),
        (lambda one: one.update(measure="Something else"), "measure"),
    ],
)
def test_a_figure_that_was_altered_is_named(change, named):
    with pytest.raises(Different) as caught:
        checked(controlled(), lambda stored: change(stored["AMF-2021-3"]))

    assert str(caught.value.said.values["figure"]).startswith(named)


def test_whatever_is_not_recomputed_is_said_by_name():
    # given: a figure that the verifier has never heard of
    report = checked(controlled(), lambda stored: stored["AMF-2021-3"].update(mood={"of": 7, "at": 8}))

    # then
    (note,) = [said for said in report.notes if "mood" in str(said.values["figures"])]
    assert note.text("en") == (
        "Not recomputed in the statistic of AMF-2021-3, because this verifier does not know it: mood (2 in all)."
    )


def test_every_figure_is_compared_or_named():
    # given
    books = controlled()
    (stored,) = [one.model_dump(mode="json") for one in books.statistics()]

    # when
    report = checked(books)

    # then: as many as there are, but for where the logs stood
    told = sum(said.values["count"] for said in (*report.checks, *report.notes))
    assert told == leaves({name: value for name, value in stored.items() if name not in {"as_of", "projection"}})


def leaves(value):
    if isinstance(value, dict):
        return sum(map(leaves, value.values()))
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        return sum(map(leaves, value))
    return 1
