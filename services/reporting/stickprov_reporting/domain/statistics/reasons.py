"""Why cases and subunits were left out, with the reasons' texts."""

from collections.abc import Iterable, Mapping
from typing import Literal

from stickprov_contracts.http.statistics import ReasonCount
from stickprov_contracts.questionnaires import NON_RESPONSE, OVER_COVERAGE, Option, Questionnaire
from stickprov_reporting.domain.projection.counting import OF_SUBUNITS


def reasons_of(totals: Mapping[str, int], questionnaires: Iterable[Questionnaire]) -> list[ReasonCount]:
    """Return every reason that was given: over-coverage first, cases before subunits, in the order of the lists."""
    forms = list(questionnaires)
    outside = _texts([*(option for form in forms for option in form.over_coverage), *OVER_COVERAGE])
    lacking = _texts([*(option for form in forms for option in form.non_response), *NON_RESPONSE])
    return [
        *_counts(totals, "over-coverage", "case", outside),
        *_counts(totals, "over-coverage", "subunit", outside),
        *_counts(totals, "non-response", "case", lacking),
        *_counts(totals, "non-response", "subunit", lacking),
    ]


def _texts(options: Iterable[Option]) -> dict[str, Option]:
    """Return the options by id; a questionnaire's own text comes before the standard one."""
    texts: dict[str, Option] = {}
    for option in options:
        texts.setdefault(option.id, option)
    return texts


def _counts(
    totals: Mapping[str, int],
    outcome: Literal["over-coverage", "non-response"],
    level: Literal["case", "subunit"],
    texts: Mapping[str, Option],
) -> list[ReasonCount]:
    prefix = f"{OF_SUBUNITS if level == 'subunit' else ''}{outcome}:"
    given = {name.removeprefix(prefix): count for name, count in totals.items() if name.startswith(prefix) and count}
    order = [reason for reason in texts if reason in given] + sorted(given.keys() - texts.keys())
    return [
        ReasonCount(
            outcome=outcome,
            level=level,
            reason=reason,
            sv=texts[reason].sv if reason in texts else reason,
            en=texts[reason].en if reason in texts else reason,
            count=given[reason],
        )
        for reason in order
    ]
