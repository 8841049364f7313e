"""Sentences about what reviewers found."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from stickprov_client.language.questionnaires import in_language
from stickprov_client.language.trail_words import Telling
from stickprov_client.language.translations import marked
from stickprov_contracts.events import findings
from stickprov_contracts.questionnaires import NON_RESPONSE, OVER_COVERAGE

_FOR: Final = {
    "review": marked("The case was given to {reviewer} for review"),
    "second-review": marked("The case was given to {reviewer} for second review"),
    "file-review": marked("The case was given to {reviewer} for file review"),
}


def _outcome(event: Any, to: Telling) -> str:  # noqa: ANN401 - whichever event has an outcome
    if not event.remark:
        return to.say(marked("no remark"))
    if not event.categories:
        return to.say(marked("remark"))
    return to.say(marked("remark ({categories})"), categories=to.listed(event.categories))


def _recorded(event: findings.FindingRecorded, to: Telling) -> str:
    return to.say(marked("A finding was recorded: {outcome}"), outcome=_outcome(event, to))


def _corrected(event: findings.FindingCorrected, to: Telling) -> str:
    return to.say(marked("The finding was corrected: {outcome}"), outcome=_outcome(event, to))


def _withdrawn(_event: findings.FindingWithdrawn, to: Telling) -> str:
    return to.say(marked("The finding was withdrawn: the case waits again"))


def _started(_event: findings.ReviewStarted, to: Telling) -> str:
    return to.say(marked("The review was begun"))


def _reason(reason: str, standard: Any, to: Telling) -> str:  # noqa: ANN401 - options in both languages
    return {one.id: in_language(one, to.language) for one in standard}.get(reason, reason)


def _over_coverage(event: findings.CaseMarkedOverCoverage, to: Telling) -> str:
    reason = _reason(event.reason, OVER_COVERAGE, to)
    if event.settles is not None:
        return to.say(marked("The disagreement was settled as over-coverage: {reason}"), reason=reason)
    return to.say(marked("The case was marked as over-coverage: {reason}"), reason=reason)


def _non_response(event: findings.CaseMarkedNonResponse, to: Telling) -> str:
    reason = _reason(event.reason, NON_RESPONSE, to)
    if event.settles is not None:
        return to.say(marked("The disagreement was settled as non-response: {reason}"), reason=reason)
    return to.say(marked("The case was marked as non-response: {reason}"), reason=reason)


def _reopened(_event: findings.ReviewReopened, to: Telling) -> str:
    return to.say(marked("The mark was taken back: the case waits again"))


def _settled(event: findings.DisagreementSettled, to: Telling) -> str:
    return to.say(marked("The disagreement between two reviews was settled: {outcome}"), outcome=_outcome(event, to))


def _second_review(event: findings.SecondReviewRecorded, to: Telling) -> str:
    if event.corrects is not None:
        return to.say(marked("The second review was corrected: {outcome}"), outcome=_outcome(event, to))
    return to.say(marked("A second review was recorded: {outcome}"), outcome=_outcome(event, to))


def _file_review(event: findings.FileReviewRecorded, to: Telling) -> str:
    if event.corrects is not None:
        return to.say(marked("The file review was corrected: {outcome}"), outcome=_outcome(event, to))
    return to.say(marked("A file review was recorded: {outcome}"), outcome=_outcome(event, to))


def _assigned(event: findings.CaseAssigned, to: Telling) -> str:
    return to.say(_FOR.get(event.purpose, _FOR["review"]), reviewer=to.person(event.reviewer))


SENTENCES: Final[Mapping[str, Callable[[Any, Telling], str]]] = {
    findings.FindingRecorded.name: _recorded,
    findings.FindingCorrected.name: _corrected,
    findings.FindingWithdrawn.name: _withdrawn,
    findings.ReviewStarted.name: _started,
    findings.CaseMarkedOverCoverage.name: _over_coverage,
    findings.CaseMarkedNonResponse.name: _non_response,
    findings.ReviewReopened.name: _reopened,
    findings.DisagreementSettled.name: _settled,
    findings.SecondReviewRecorded.name: _second_review,
    findings.FileReviewRecorded.name: _file_review,
    findings.CaseAssigned.name: _assigned,
}
