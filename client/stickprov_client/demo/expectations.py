"""The figures that must come out of the demonstration, written by hand from the document and the design."""

from typing import Final

from stickprov_client.language.numbers import percent, units, whole
from stickprov_contracts.http.statistics import Statistics

_MONTHS: Final = {
    "2021-01": ("2 663", "156", "156", "28", "331–657"),
    "2021-02": ("2 663", "159", "159", "29", "339–663"),
    "2021-03": ("2 663", "194", "194", "47", "495–815"),
}

_TOGETHER: Final = {
    "N": "7 989",
    "n": "509",
    "reviewed": "509",
    "waiting": "0",
    "x": "104",
    "pooled": "20,4 %",
    "mean of months": "20,1 %",
    "sampling fraction": "6,4 %",
    "combined interval": "1 353–1 913",
    "method of the combined interval": "mover-approximate",
}

_CATEGORIES: Final = {
    "deposits": 66,
    "documents-missing": 10,
    "amounts-unexplained": 10,
    "outdated": 5,
    "disorderly": 5,
    "other-amount": 5,
    "other": 3,
}


def unexpected_figures(statistics: Statistics) -> list[str]:
    """Return a sentence for each figure that is not the expected one; none when all are."""
    pairs: list[tuple[str, object, object]] = []
    months = {month.month: month for month in statistics.months}
    for label, expected in _MONTHS.items():
        month = months.get(label)
        found = month and (
            *(_plain(number) for number in (month.size, month.drawn, month.reviewed, month.remarks)),
            units(month.interval, "sv").replace("\N{NO-BREAK SPACE}", " "),
        )
        pairs.append((f"N, n, reviewed, x and interval of {label}", expected, found))
    together = _together(statistics)
    pairs += [(figure, expected, together[figure]) for figure, expected in _TOGETHER.items()]
    categories = {category.category: category.share.numerator for category in statistics.categories}
    pairs += [(f"remarks about {name}", expected, categories.get(name)) for name, expected in _CATEGORIES.items()]
    return [f"{figure}: {found}, not {expected}" for figure, expected, found in pairs if expected != found]


def _together(statistics: Statistics) -> dict[str, str]:
    total, interval = statistics.total, statistics.interval
    figures = {
        "N": whole(total.size, "sv"),
        "n": whole(total.drawn, "sv"),
        "reviewed": whole(total.reviewed, "sv"),
        "waiting": whole(total.waiting, "sv"),
        "x": whole(total.remarks, "sv"),
        "pooled": percent(statistics.pooled.value, "sv"),
        "mean of months": percent(statistics.mean_of_months, "sv"),
        "sampling fraction": percent(total.sampling_fraction.value, "sv"),
        "combined interval": units(interval, "sv"),
        "method of the combined interval": interval.method if interval else "none",
    }
    return {figure: text.replace("\N{NO-BREAK SPACE}", " ") for figure, text in figures.items()}


def _plain(number: int) -> str:
    return whole(number, "sv").replace("\N{NO-BREAK SPACE}", " ")
