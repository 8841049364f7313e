"""How figures were made and what they take for granted, in words that a board reads: methods, assumptions, verdicts.

What must not break: everything a contract can say here has a text in both languages (a test compares them).
"""

from typing import Final

from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.http.statistics import Interval, ToleranceVerdict

METHODS: Final = {
    "census": marked("everything reviewed"),
    "hypergeometric-exact": marked("exact, hypergeometric"),
    "stratified-exact": marked("exact, stratified"),
    "mover-approximate": marked("approximate, MOVER"),
    "ratio-approximate": marked("approximate, ratio of clusters"),
    "horvitz-thompson-approximate": marked("approximate, Horvitz-Thompson"),
}

CONVENTIONS: Final = {
    "census": marked("Everything in the frame was reviewed, so there is no margin: both limits are the count."),
    "hypergeometric-exact": marked(
        "An exact interval holds every number of cases with a remark in the frame for which neither so few nor so many "
        "remarks as were found would be rarer than 2.5%."
    ),
    "stratified-exact": marked(
        "The combined interval is exact: it holds every number of cases with a remark that some way of their lying in "
        "the strata makes likely enough, whichever way that is."
    ),
    "mover-approximate": marked(
        "The combined interval is approximate: it is put together from the strata's exact intervals (MOVER), "
        "and its coverage of 95% is not guaranteed."
    ),
    "ratio-approximate": marked(
        "The interval is approximate: whole cases were drawn and what is in them counted, so how much the cases differ "
        "decides its width; its coverage of 95% is not guaranteed."
    ),
    "horvitz-thompson-approximate": marked(
        "The interval is approximate: each case weighs as much as its chance of being drawn was small "
        "(Horvitz-Thompson, with Hájek's variance); its coverage of 95% is not guaranteed."
    ),
}

ASSUMPTIONS: Final = {
    "missing-at-random": marked("Cases that were not reviewed are taken to be like those that were."),
    "over-coverage-conditioned": marked(
        "The share is of the units that belong in the frame, whose number is estimated from the over-coverage found."
    ),
    "systematic-as-simple": marked("A systematic sample is counted as if it were a simple one."),
    "normal-approximation": marked("The estimate is taken to vary as the normal distribution does."),
    "draws-independent": marked("Draws that may share units are counted as if they did not."),
}

NO_INTERVALS: Final = {
    "nothing-reviewed": marked("There is no interval, because nothing has been reviewed."),
    "part-without-review": marked(
        "There is no interval for the whole, because in some stratum or month nothing has been reviewed."
    ),
    "one-per-group": marked(
        "There is no interval: one case of a group tells nothing of how much the cases of the group differ."
    ),
    "sample-unheard": marked("There is no interval yet, because not all of the draw has arrived."),
    "design-unknown": marked("There is no interval, because how the cases were drawn is not known."),
    "mixed-designs": marked("There is no interval, because the draws were made in ways that cannot be put together."),
}

VERDICTS: Final = {
    "followed": marked("Within the tolerance"),
    "not-followed": marked("Beyond the tolerance"),
    "cannot-be-told": marked("Cannot be told"),
}
SIGNS: Final = {"followed": "✓", "not-followed": "✗", "cannot-be-told": "?"}
TONES: Final = {"followed": "good", "not-followed": "bad", "cannot-be-told": "warn"}

VERDICTS_EXPLAINED: Final = {
    "followed": marked("The whole interval lies within the tolerance."),
    "not-followed": marked("The whole interval lies beyond the tolerance."),
    "cannot-be-told": marked("The tolerance lies inside the interval, or there is no interval to compare."),
}

CASE_STATUSES: Final = {
    "waiting": marked("waiting"),
    "reviewed": marked("reviewed"),
    "over-coverage": marked("over-coverage"),
    "non-response": marked("non-response"),
}


def method_name(interval: Interval, language: Language) -> str:
    """Name how an interval was made, such as ``approximate, MOVER``."""
    return texts(language).gettext(METHODS[interval.method])


def convention(interval: Interval, language: Language) -> str:
    """Say in a sentence what an interval promises."""
    return texts(language).gettext(CONVENTIONS[interval.method])


def assumption_texts(interval: Interval, language: Language) -> list[str]:
    """Return what an interval takes for granted beside its method, a sentence each."""
    return [texts(language).gettext(ASSUMPTIONS[one]) for one in interval.assumptions]


def why_no_interval(reason: str, language: Language) -> str:
    """Say why no interval is printed."""
    return texts(language).gettext(NO_INTERVALS[reason])


def verdict_word(verdict: ToleranceVerdict, language: Language) -> str:
    """Return a verdict in words, such as ``Within the tolerance``."""
    return texts(language).gettext(VERDICTS[verdict.verdict])


def verdict_sign(verdict: ToleranceVerdict) -> str:
    """Return the sign beside the word, so that neither colour nor reading is needed."""
    return SIGNS[verdict.verdict]


def verdict_tone(verdict: ToleranceVerdict) -> str:
    """Return which of the style sheet's tones a verdict has."""
    return TONES[verdict.verdict]


def verdict_explained(verdict: ToleranceVerdict, language: Language) -> str:
    """Say in a sentence what a verdict rests on."""
    return texts(language).gettext(VERDICTS_EXPLAINED[verdict.verdict])


def case_status(status: str, language: Language) -> str:
    """Return how a case behind a figure stands."""
    return texts(language).gettext(CASE_STATUSES[status])
