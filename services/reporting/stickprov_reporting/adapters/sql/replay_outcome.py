"""What a replay comes to: verdicts, and what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stickprov_contracts.http.audit import LogVerdict, PeriodReplay, ReplayedStatistic, StatisticDifference
from stickprov_contracts.topics import Source
from stickprov_reporting.domain.audit.comparison import compare_figures
from stickprov_reporting.domain.audit.rereading import Rereading


@dataclass(frozen=True, slots=True)
class FoldedAgain:
    """What came of folding both logs again.

    Attributes:
        figures: of each control point, stored and replayed. differences: of stored facts.
    """

    rereadings: Mapping[Source, Rereading]
    figures: Mapping[str, tuple[dict[str, str], dict[str, str]]]
    differences: Sequence[StatisticDifference]
    digest_stored: str
    digest_replayed: str


def outcome_of(folded: FoldedAgain, logs: list[LogVerdict]) -> PeriodReplay:
    """Return the answer: different where anything is, unreachable where a source could not be asked."""
    statistics = []
    for point, (stored, replayed) in folded.figures.items():
        differences = compare_figures(stored, replayed)
        compared = len(stored.keys() | replayed.keys())
        verdict = "different" if differences else "verified"
        statistics.append(
            ReplayedStatistic.model_validate(
                {
                    "control_point": point,
                    "verdict": verdict,
                    "figures_compared": compared,
                    "differences": differences,
                }
            )
        )
    different = (
        folded.differences
        or folded.digest_stored != folded.digest_replayed
        or any(log.verdict == "different" for log in logs)
        or any(one.verdict == "different" for one in statistics)
    )
    agreed = "unreachable" if any(log.verdict == "unreachable" for log in logs) else "verified"
    return PeriodReplay.model_validate(
        {
            "verdict": "different" if different else agreed,
            "logs": logs,
            "statistics": statistics,
            "figures_compared": sum(one.figures_compared for one in statistics),
            "differences": folded.differences,
            "digest_stored": folded.digest_stored,
            "digest_replayed": folded.digest_replayed,
        }
    )
