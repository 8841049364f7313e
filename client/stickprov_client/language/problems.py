"""Titles of the services' problems in both languages."""

from typing import Final

from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.problems import Problem

_TITLES: Final = {
    "allocation-impossible": marked("The frame does not hold what is to be drawn"),
    "already-drawn": marked("The sample is drawn already"),
    "already-replaced": marked("The case is replaced already"),
    "already-reviewed": marked("This case has a finding already"),
    "bad-input": marked("The request has errors"),
    "case-not-drawn": marked("This case has not been drawn"),
    "case-not-yours": marked("This case is another reviewer's"),
    "case-replaced": marked("This case is no longer in the draw"),
    "case-unknown": marked("The draw has no such case"),
    "category-twice": marked("A category id stands twice"),
    "column-unfit": marked("The columns do not fit the file"),
    "command-id-malformed": marked("The command's id is no UUID"),
    "command-id-missing": marked("The command has no id"),
    "command-id-reused": marked("This command id stands for another request"),
    "conflict": marked("This does not fit what has happened before"),
    "control-point-not-known": marked("This control point is not known here yet"),
    "control-point-unfit": marked("The control point does not fit together"),
    "control-point-unknown": marked("There is no such control point"),
    "design-unclear": marked("The options do not make a design"),
    "draw-unknown": marked("There is no such draw"),
    "encoding-fails": marked("The file cannot be read as text"),
    "failed": marked("Something went wrong on our side"),
    "feed-unavailable": marked("Another service does not answer"),
    "filter-unclear": marked("The filter cannot be used"),
    "format-unknown": marked("The file's format does not fit"),
    "frame-empty": marked("The file has no rows"),
    "frame-file-changed": marked("The frame file is not the frozen one"),
    "frame-name-taken": marked("There is a frame with this name"),
    "frame-not-frozen": marked("There is no such frozen frame"),
    "header-unreadable": marked("Row 1 cannot be read"),
    "malformed": marked("The request cannot be read"),
    "measure-unclear": marked("The options do not make a measure"),
    "measure-unknown": marked("There is no such measure"),
    "method-not-allowed": marked("This cannot be done here"),
    "no-seed": marked("The draw has no seed yet"),
    "no-spare": marked("There is no spare left"),
    "not-allowed": marked("Not allowed"),
    "not-found": marked("Not found"),
    "not-reviewed": marked("This case has no finding"),
    "not-signed-in": marked("Sign in first"),
    "nothing-changed": marked("The correction changes nothing"),
    "nothing-to-plan": marked("It is not said what to plan for"),
    "period-closed": marked("The period is closed"),
    "period-unclear": marked("The period cannot be read"),
    "plan-unfit": marked("The plan does not fit together"),
    "plan-unknown": marked("There is no such plan"),
    "questionnaire-unfit": marked("The questionnaire does not fit together"),
    "rates-too-close": marked("The expected rate is too close to the tolerable one"),
    "rows-rejected": marked("The file has rows that cannot be used"),
    "series-unknown": marked("There is no such series"),
    "spreadsheet-unreadable": marked("The spreadsheet cannot be read"),
    "staff-list-unfit": marked("The staff list does not fit together"),
    "seed-lost": marked("The secret seed is not in the vault"),
    "seed-not-secret": marked("The seed is no secret"),
    "seed-secret": marked("The seed is still secret"),
    "stages-unfit": marked("The stages do not make a plan"),
    "schedule-unclear": marked("The options do not make a schedule"),
    "stale-version": marked("This has changed since you read it"),
    "still-halted": marked("The log stays halted"),
    "still-quarantined": marked("The event still cannot be applied"),
    "stream-moved-on": marked("Somebody else was first"),
    "too-large": marked("Too large"),
    "unavailable": marked("Try again shortly"),
    "version-malformed": marked("If-Match is no version"),
    "version-required": marked("Say which version you saw"),
}
"""By code, as the services say them in English."""


def title_of(problem: Problem, language: Language) -> str:
    """Return the situation in a few words; a code we do not know is said as the service said it."""
    known = _TITLES.get(problem.code)
    return texts(language).gettext(known) if known else problem.title
