"""Everything that a contract can say of a figure has its words in both languages, and they claim no more than it."""

from typing import get_args, get_type_hints

import pytest

from stickprov_client.language import draws, follow_ups, intervals, reports, trends
from stickprov_client.language.translations import LANGUAGES, texts
from stickprov_contracts.events.sampler import Design
from stickprov_contracts.http.cases_behind import CaseStatus
from stickprov_contracts.http.reports import ReportFormat, ReportKind, ReportLanguage
from stickprov_contracts.http.statistics import Assumption, Method, NoInterval, ToleranceVerdict
from stickprov_contracts.http.trends import Difference, TrendStep
from support.quarter import quarter
from support.trends import difference

VERDICT = get_type_hints(ToleranceVerdict)["verdict"]
TOLD = get_type_hints(Difference)["told"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Method, intervals.METHODS),
        (Method, intervals.CONVENTIONS),
        (Assumption, intervals.ASSUMPTIONS),
        (NoInterval, intervals.NO_INTERVALS),
        (VERDICT, intervals.VERDICTS),
        (VERDICT, intervals.VERDICTS_EXPLAINED),
        (VERDICT, intervals.SIGNS),
        (VERDICT, intervals.TONES),
        (CaseStatus, intervals.CASE_STATUSES),
        (TrendStep, trends.STEPS),
        (TOLD, trends.TOLD),
        (TOLD, trends.SIGNS),
        (TOLD, trends.TOLD_IN_FULL),
        (ReportKind, reports.KINDS),
        (ReportKind, reports.KINDS_EXPLAINED),
        (ReportFormat, reports.FORMATS),
        (ReportLanguage, reports.LANGUAGES),
        (Design, draws.DESIGNS),
    ],
)
def test_everything_that_can_be_said_has_words(said, words):
    assert set(words) == set(get_args(said))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "words", [intervals.METHODS, intervals.VERDICTS, intervals.SIGNS, intervals.NO_INTERVALS, trends.TOLD, trends.SIGNS]
)
def test_no_two_of_them_read_alike(words, language):
    said = [texts(language).gettext(text) for text in words.values()]

    assert len(set(said)) == len(said)


def test_every_approximate_method_says_so_in_both_languages():
    approximate = {name for name in get_args(Method) if name.endswith("approximate")}

    for name, text in intervals.METHODS.items():
        assert (name in approximate) == ("approximate" in text)
        assert (name in approximate) == ("ungefärligt" in texts("sv").gettext(text))
        assert (name in approximate) == ("95%" in intervals.CONVENTIONS[name])


def test_assumptions_are_plain_sentences():
    interval = quarter().interval.model_copy(update={"assumptions": ["missing-at-random", "draws-independent"]})

    assert intervals.assumption_texts(interval, "sv") == [
        "Ärenden som inte har granskats antas likna dem som har granskats.",
        "Dragningar som kan ha enheter gemensamt räknas som om de inte hade det.",
    ]


def test_a_difference_whose_interval_holds_zero_is_never_called_a_change():
    sentence = trends.difference_sentence(difference(0.0628, -0.0243, 0.1464), "sv")

    assert sentence == (
        "Det går inte att säga om andelen har ändrats: skillnaden är +6,3 (−2,4 till +14,6) procentenheter; "
        "95\N{NO-BREAK SPACE}%, ungefärligt (MOVER)."
    )


def test_a_difference_that_is_told_says_which_way():
    risen = trends.difference_sentence(difference(0.14, 0.07, 0.21, "higher"), "en")

    assert risen == (
        "The share has risen: the difference is +14.0 (+7.0 to +21.0) percentage points; 95%, approximate (MOVER), "
        "and its whole interval lies above zero."
    )


def test_periods_that_cannot_be_compared_say_so():
    unknown = difference(0.1, 0.0, 0.2).model_copy(update={"estimate": None, "lower": None, "upper": None})

    assert trends.difference_sentence(unknown, "sv") == "Perioderna går inte att jämföra: en av dem saknar intervall."
    assert trends.difference_points(unknown, "sv") == "–"


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("2021-03", "mars 2021"),
        ("2021-Q1", "kvartal 1 2021"),
        ("2021-T2", "tertial 2 2021"),
        ("2021-H1", "halvår 1 2021"),
        ("2021", "2021"),
        ("2021-01-01/2021-04-01", "januari–mars 2021"),
        ("A1", "A1"),
    ],
)
def test_a_trends_label_is_said_as_people_do(label, said):
    assert trends.period_label(label, "sv") == said


def test_the_verdicts_of_persons_and_of_tolerances_are_different_words():
    assert set(follow_ups.VERDICTS.values()).isdisjoint(intervals.VERDICTS.values())
