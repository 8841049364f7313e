"""The stored statistics against those recomputed: the first figure that differs, and by name what was not recomputed.

What must not break: every figure of a stored statistic is either compared or named.
"""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from math import isclose
from typing import Any, Final

from stickprov_client.bundle.verifying.archive import Bundle
from stickprov_client.bundle.verifying.counting import Fold
from stickprov_client.bundle.verifying.figures import figures_of
from stickprov_client.bundle.verifying.naming import figure_name
from stickprov_client.bundle.verifying.told import Different, Report, Sentence

STATISTICS: Final = "statistics.json"

_NEARLY: Final = 1e-9
_KEYS: Final = (
    ("questionnaire", "question", "level"),
    ("outcome", "level", "reason"),
    ("month", "stratum"),
    ("month",),
    ("unit",),
    ("category",),
    ("option",),
    ("draw",),
    ("period", "verdict"),
)
"""What tells the members of a list apart: the first of these that all of them have."""
_OF_THE_ANSWER: Final = frozenset({"as_of", "projection"})
"""Where the logs stood; compared with the chain of each log, or about the program alone."""
_NAMED: Final = 3

BAD_STATISTICS: Final = Sentence(
    "statistics.json cannot be read as statistics: %(why)s.",
    "statistics.json går inte att läsa som statistik: %(why)s.",
)
ANOTHER_FIGURE: Final = Sentence(
    "The statistic of %(point)s says %(figure)s = %(found)s, and the events give %(expected)s.",
    "Statistiken för %(point)s säger %(figure)s = %(found)s, och händelserna ger %(expected)s.",
)
FIGURES_HOLD: Final = Sentence(
    "The statistic of %(point)s, %(start)s to %(end)s: %(count)s figures were recomputed from the events and are the "
    "same (N = %(size)s, drawn %(drawn)s, reviewed %(reviewed)s, remarks %(remarks)s).",
    "Statistiken för %(point)s, %(start)s till %(end)s: %(count)s uppgifter har räknats om ur händelserna och är "
    "desamma "
    "(N = %(size)s, dragna %(drawn)s, granskade %(reviewed)s, anmärkningar %(remarks)s).",
)
NOT_RECOMPUTED: Final = Sentence(
    "Not recomputed in the statistic of %(point)s, %(why)s: %(figures)s (%(count)s in all).",
    "Inte omräknat i statistiken för %(point)s, %(why)s: %(figures)s (%(count)s i allt).",
)
BY_STRATA: Final = Sentence(
    "because exact limits over several strata take more than this verifier does",
    "eftersom exakta gränser över flera stratum kräver mer än den här kontrollen gör",
)
BY_RATIO: Final = Sentence(
    "because it is estimated for subunits by the combined ratio",
    "eftersom det skattas för underenheter med kvotskattning",
)
BY_SIZE_OF_UNITS: Final = Sentence(
    "because it is estimated for cases drawn by size (Horvitz-Thompson)",
    "eftersom det skattas för ärenden dragna efter storlek (Horvitz-Thompson)",
)
A_TEXT: Final = Sentence(
    "because it is a text or what people chose to call something", "eftersom det är en text eller vad något kallas"
)
ANOTHER_KIND: Final = Sentence(
    "because this verifier does not know it", "eftersom den här kontrollen inte känner till det"
)
NO_STATISTICS: Final = Sentence(
    "The bundle has no statistics of the period.", "Paketet har ingen statistik för perioden."
)


def read_statistics(bundle: Bundle) -> dict[str, dict[str, Any]]:
    """Return the stored statistics by control point.

    Raises:
        Different: they cannot be read.
    """
    try:
        told = json.loads(bundle.read(STATISTICS))
        found = {one["control_point"]: one for one in told}
        for one in found.values():
            places_of(one)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Different(BAD_STATISTICS, why=repr(error)) from None
    return found


def places_of(stored: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    """Return up to where in each log a statistic knows, with the chain hash there."""
    return {source: (int(told["position"]), str(told["chain_hash"])) for source, told in stored["as_of"].items()}


def check_statistics(fold: Fold, statistics: Mapping[str, Mapping[str, Any]], report: Report) -> None:
    """Compare every stored statistic with the events.

    Raises:
        Different: names the first figure that differs.
    """
    if not statistics:
        report.note(NO_STATISTICS)
    for name, stored in sorted(statistics.items()):
        comparison = _Comparison(name)
        try:
            comparison.compare((), stored, figures_of(fold, fold.points[name], stored))
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
            raise Different(BAD_STATISTICS, why=f"{name}: {error!r}") from None
        total = {part: stored["total"][part] for part in ("size", "drawn", "reviewed", "remarks")}
        report.holds(
            FIGURES_HOLD, point=name, start=stored["start"], end=stored["end"], count=comparison.compared, **total
        )
        reasons: dict[Sentence, dict[str, int]] = {}
        for figure, places in sorted(comparison.left.items()):
            reasons.setdefault(_why(figure, stored), {})[figure] = places
        for why, figures in reasons.items():
            count = sum(figures.values())
            report.note(NOT_RECOMPUTED, point=name, figures=tuple(map(figure_name, figures)), count=count, why=why)


class _Comparison:
    """Counts what was compared and what was left."""

    def __init__(self, point: str) -> None:
        self.point = point
        self.compared = 0
        self.left: dict[str, int] = {}

    def compare(self, path: tuple[str, ...], stored: object, found: object) -> None:
        if isinstance(stored, Mapping) and isinstance(found, Mapping):
            self._members(path, stored, found)
        elif isinstance(stored, list) and isinstance(found, list) and _are_records([*stored, *found]):
            self._lists(path, stored, found)
        else:
            self.compared += 1
            if not _same(stored, found):
                raise Different(
                    ANOTHER_FIGURE,
                    point=self.point,
                    figure=".".join(path),
                    found=_shown(stored),
                    expected=_shown(found),
                )

    def _members(self, path: tuple[str, ...], stored: Mapping[str, Any], found: Mapping[str, Any]) -> None:
        for name, value in stored.items():
            if name in found:
                self.compare((*path, name), value, found[name])
            elif not (not path and name in _OF_THE_ANSWER):
                figure = ".".join(part for part in (*path, name) if not part.startswith("["))
                self.left[figure] = self.left.get(figure, 0) + _figures_in(value)
        for name in found.keys() - stored.keys():
            raise Different(
                ANOTHER_FIGURE,
                point=self.point,
                figure=".".join((*path, name)),
                found=None,
                expected=_shown(found[name]),
            )

    def _lists(self, path: tuple[str, ...], stored: list[Any], found: list[Any]) -> None:
        keys = next((keys for keys in _KEYS if all(set(keys) <= one.keys() for one in [*stored, *found])), ())
        here, there = _by_key(stored, keys), _by_key(found, keys)
        if len(here) != len(stored):
            raise Different(
                ANOTHER_FIGURE, point=self.point, figure=".".join(path), found=len(stored), expected=len(here)
            )
        for key in sorted(here.keys() | there.keys()):
            self.compare((*path, f"[{key}]"), here.get(key), there.get(key))


def _by_key(records: Iterable[Mapping[str, Any]], keys: tuple[str, ...]) -> dict[str, Mapping[str, Any]]:
    return {" ".join(_shown(one[key]) for key in keys): one for one in records}


def _are_records(values: list[Any]) -> bool:
    return bool(values) and all(isinstance(value, Mapping) for value in values)


def _figures_in(value: object) -> int:
    if isinstance(value, Mapping):
        return sum(map(_figures_in, value.values()))
    if isinstance(value, list):
        return sum(map(_figures_in, value))
    return 1


def _same(stored: object, found: object) -> bool:
    if stored is None or found is None or isinstance(stored, bool) or isinstance(found, bool):
        return stored is found
    if isinstance(stored, str) and isinstance(found, str) and stored == found:
        return True
    if isinstance(found, Decimal) or (isinstance(stored, str) and isinstance(found, str)):
        return _is_number(stored) and _is_number(found) and Decimal(str(stored)) == Decimal(str(found))
    if isinstance(stored, int | float) and isinstance(found, int | float):
        return isclose(stored, found, rel_tol=_NEARLY, abs_tol=_NEARLY)
    return bool(stored == found)


def _is_number(value: object) -> bool:
    try:
        return Decimal(str(value)).is_finite()
    except ArithmeticError:
        return False


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return " ".join(_shown(one) for one in list(value.values())[:_NAMED])
    return "–" if value is None else str(value)


def _why(figure: str, stored: Mapping[str, Any]) -> Sentence:
    name = figure.rpartition(".")[2]
    if name in {"sv", "en", "type", "label", "name"}:
        return A_TEXT
    if figure.startswith("subunits") or ("options" in figure and name in {"interval", "weighted"}):
        return BY_RATIO
    if name in {"lower", "upper", "lower_share", "upper_share"}:
        return BY_STRATA
    if any(draw["design"] == "pps" for draw in stored["draws"]):
        return BY_SIZE_OF_UNITS
    return ANOTHER_KIND
