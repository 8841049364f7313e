"""What a request says of a case, as the domain takes it."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from stickprov_contracts.http import findings as api
from stickprov_findings.adapters.desk import new_keys
from stickprov_findings.domain.questionnaire.outcome import GivenOutcome, GivenSubunit
from stickprov_findings.domain.questionnaire.problems import fault
from stickprov_findings.domain.review.commands import Found, HeldMark
from stickprov_kernel.errors import BadInputError
from stickprov_kernel.notes.keeping import typed
from stickprov_kernel.notes.note import Note

_HERE: Final = ZoneInfo("Europe/Stockholm")


def found(body: api.RecordFinding | api.CorrectFinding | api.SettleDisagreement, time: datetime) -> Found:
    """Return what a request says; ``time`` is the command's."""
    given = GivenOutcome(
        remark=body.remark,
        categories=tuple(body.categories),
        comment=body.comment,
        answers=body.answers,
        subunits=tuple(GivenSubunit(one.subunit, one.outcome, one.reason, one.answers) for one in body.subunits),
    )
    return Found(given, day_of(time), new_keys(), body.questionnaire_number, comment(body.comment))


def held(body: api.SettleDisagreement, time: datetime) -> Found | HeldMark:
    """Return what a settlement says holds: a finding, or a mark.

    Raises:
        BadInputError: it says both.
    """
    if body.mark is None:
        return found(body, time)
    if body.answers or body.subunits or body.categories or body.remark is not None:
        message = "What holds is a mark or a finding, not both: leave out the mark, or everything that was found."
        raise BadInputError("Nothing was stored. Put right: mark.", errors=[fault("mark", "mark-and-finding", message)])
    return HeldMark(body.mark, body.mark_reason, comment(body.comment))


def day_of(time: datetime) -> date:
    """Return the day that a moment falls on where the reviewers are."""
    return time.astimezone(_HERE).date()


def comment(text: str | None) -> Note | None:
    """Return a note for a comment; blanks alone are none."""
    return typed(text) if text and text.strip() else None
