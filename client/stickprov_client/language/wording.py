"""Sentences about statistics that the command and the pages share, so that both name every figure alike."""

from stickprov_client.language.numbers import NOTHING, percent, ratio, whole
from stickprov_client.language.translations import Language, texts
from stickprov_contracts.http.statistics import CategoryStatistics, Statistics


def interval_sentence(statistics: Statistics, language: Language) -> str:
    """Say how many cases in all frames together have a remark, such as ``1 353 to 1 913 of 7 989 (hushåll)``.

    What a unit is called comes from the plan, so it is not inflected and stands apart.
    """
    if statistics.interval is None:
        return NOTHING
    return (
        texts(language)
        .gettext("{lower} to {upper} of {size} ({units})")
        .format(
            lower=whole(statistics.interval.lower, language),
            upper=whole(statistics.interval.upper, language),
            size=whole(statistics.total.size, language),
            units=statistics.unit_name,
        )
    )


def summary(statistics: Statistics, language: Language) -> list[tuple[str, str, str]]:
    """Return the period's figures: what it is, the share, what it is made of or how."""
    say = texts(language).gettext
    total = statistics.total
    return [
        (
            say("Pooled share with a remark"),
            percent(statistics.pooled.value, language),
            ratio(statistics.pooled, language),
        ),
        (say("Mean of the months' shares"), percent(statistics.mean_of_months, language), say("every month alike")),
        (
            say("Weighted share"),
            percent(statistics.weighted, language),
            say("by the size of each month's frame and stratum"),
        ),
        (
            say("Sampling fraction"),
            percent(total.sampling_fraction.value, language),
            ratio(total.sampling_fraction, language),
        ),
    ]


def category_text(category: CategoryStatistics, language: Language) -> str:
    """Return a category's text in the reader's language."""
    return category.sv if language == "sv" else category.en
