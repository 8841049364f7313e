"""Whether two findings say the same: a correction must not, first and second review should.

Free text is not compared between reviewers: two people never write the same. A correction may change nothing but it.
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from stickprov_contracts.events import NoteReference
from stickprov_contracts.events.findings import AnswerRecorded, SubunitOutcome
from stickprov_findings.domain.review.state import Finding, Review

ReadText: TypeAlias = Callable[[NoteReference | None], str | None]
"""Gives the text that a reference stands for, None for none."""


def disagrees(first: Review, second: Review) -> bool:
    """Return whether the second review differs from the first, and nobody has settled it.

    Only what stands is compared. A case that one reviewed and the other says should not have been drawn is a
    disagreement; one that could not be reviewed says nothing.
    """
    if first.settled_with == second.changed:
        return False
    if first.finding is not None and second.finding is not None:
        return said(first.finding) != said(second.finding)
    kinds = {first.status, second.status}
    return kinds == {"reviewed", "over-coverage"}


def said(finding: Finding, read: ReadText | None = None) -> object:
    """Return what a finding says, to be compared with another's.

    Args:
        finding: what is to be compared.
        read: gives the free texts, where they count too; an erased one counts as none.
    """
    return (
        finding.remark,
        frozenset(finding.categories),
        _answers(finding.answers, read),
        [_subunit(one, read) for one in sorted(finding.subunits, key=lambda one: one.subunit)],
        read(finding.comment) if read else None,
    )


def _subunit(one: SubunitOutcome, read: ReadText | None) -> object:
    return (one.subunit, one.outcome, one.reason, one.remark, frozenset(one.categories), _answers(one.answers, read))


def _answers(answers: Iterable[AnswerRecorded], read: ReadText | None) -> object:
    found = {
        one.question: (frozenset(one.chosen), one.number, one.day, read(one.text) if read else None) for one in answers
    }
    return {question: answer for question, answer in found.items() if answer != (frozenset(), None, None, None)}
