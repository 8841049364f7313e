"""What is stored, compared with what the logs give when they are folded again."""

from collections.abc import Mapping
from typing import Any, Final

from stickprov_contracts.http.audit import StatisticDifference
from stickprov_contracts.http.statistics import Statistics
from stickprov_reporting.domain.audit.digest import Digest, Fact, canonical, digest_of

ABSENT: Final = "absent"
_NAMES: Final = (
    "draw",
    "questionnaire",
    "question",
    "option",
    "category",
    "outcome",
    "level",
    "reason",
    "unit",
    "month",
    "stratum",
    "version",
)
"""What tells the members of a statistic's lists apart; of conclusions, the period is told by the figures themselves."""
MOST_NAMED: Final = 100
"""Differences that are told one by one; the digests tell of any further one."""


def figures_of(statistics: Statistics | None) -> dict[str, str]:
    """Return every figure and text of a statistic by its path; as-of is where it was read, not what."""
    if statistics is None:
        return {}
    return dict(_leaves("", statistics.model_dump(mode="json", exclude={"as_of"})))


def compare_figures(stored: Mapping[str, str], replayed: Mapping[str, str]) -> list[StatisticDifference]:
    """Return what is not the same, in the order in which it is stored."""
    return [
        StatisticDifference(figure=name, stored=stored.get(name, ABSENT), replayed=replayed.get(name, ABSENT))
        for name in {**stored, **replayed}
        if stored.get(name, ABSENT) != replayed.get(name, ABSENT)
    ]


class FactComparison:
    """Meets the stored facts one by one, in their order, and compares them with the replayed ones.

    Memory is that of the replayed facts, which it moves from those that are left to those that were met.
    """

    def __init__(self, replayed: Mapping[str, dict[Any, Any]]) -> None:
        self._left = replayed
        # Pairs and no dictionary: they are as many as drawn cases, and looked up only where something differs.
        self._met: dict[str, list[tuple[Any, Any]]] = {table: [] for table in replayed}
        self._digest = Digest()
        self._differences: list[StatisticDifference] = []
        self._count = 0

    @property
    def count(self) -> int:
        """How many stored facts were met."""
        return self._count

    def meet(self, fact: Fact) -> None:
        """Compare the next stored fact."""
        table, key, value = fact
        self._count += 1
        self._digest.add(fact)
        replayed = self._left[table].pop(key, None)
        if replayed is not None:
            self._met[table].append((key, replayed))
        if replayed != value:
            self._differ(table, key, value, replayed)

    def differences(self) -> list[StatisticDifference]:
        """Return what was met and differs, then what was never met. Call it after the last fact."""
        for table, facts in self._left.items():
            for key in sorted(facts):
                if len(self._differences) >= MOST_NAMED:
                    return self._differences
                self._differ(table, key, None, facts[key])
        return self._differences

    def digest(self) -> str:
        """Return the digest over all stored facts."""
        return self._digest.hex()

    def replayed_digest(self) -> str:
        """Return the digest over all replayed facts; the same as the other where nothing differs."""
        if not self._differences and not any(self._left.values()):
            # Facts that are equal are digested alike, and they were met in their order.
            return self.digest()
        return digest_of({table: {**dict(met), **self._left[table]} for table, met in self._met.items()})

    def _differ(self, table: str, key: object, stored: object, replayed: object) -> None:
        if len(self._differences) < MOST_NAMED:
            self._differences.append(
                StatisticDifference(figure=f"{table} {canonical(key)}", stored=_text(stored), replayed=_text(replayed))
            )


def _text(value: object) -> str:
    return ABSENT if value is None else canonical(value)


def _leaves(path: str, value: object) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [leaf for name, inner in value.items() for leaf in _leaves(f"{path}.{name}".lstrip("."), inner)]
    if isinstance(value, list) and value and all(isinstance(inner, dict) for inner in value):
        return [leaf for inner in value for leaf in _leaves(f"{path}[{_name(inner)}]", inner)]
    return [(path, canonical(value))]


def _name(item: Mapping[str, object]) -> str:
    """Return what a member of a list is called, such as its category, or its month and stratum."""
    return ",".join(str(item[name]) for name in _NAMES if name in item)
