"""Sending what a form says of a case: a finding, a correction, a mark."""

from typing import Final, Literal

from stickprov_client.api import Services
from stickprov_client.api.findings import ReviewKey
from stickprov_client.web.forms import Form
from stickprov_client.web.reviewing.sheet import Sheet
from stickprov_client.web.reviewing.typed import NON_RESPONSE, OVER_COVERAGE, REVIEW_VERSION, number_in, outcome_in
from stickprov_contracts.http.findings import CorrectFinding, MarkCase, Recorded, RecordFinding

Action = Literal["submit", "over-coverage", "non-response"]
"""What the form's buttons do with a case; the others only keep what was typed."""
ACTIONS: Final[tuple[Action, ...]] = ("submit", OVER_COVERAGE, NON_RESPONSE)


async def send(
    services: Services, key: ReviewKey, sheet: Sheet, form: Form, action: Action, *, correcting: bool
) -> Recorded:
    """Send a form.

    Args:
        services: of who typed it.
        key: the case.
        sheet: what the form asks.
        form: what was typed.
        action: the button that was pressed.
        correcting: whether it replaces what is recorded, as it was in the version that the form was opened for.

    Raises:
        ValidationError: the contract does not take it. ApiProblem: the service does not.
    """
    seen = number_in(form, REVIEW_VERSION)
    command = form.command
    if action == "submit":
        outcome = outcome_in(form, sheet)
        if correcting:
            correction = CorrectFinding.model_validate(outcome | {"reason": form.value("reason")})
            return await services.findings.correct(key, correction, version=seen, command=command)
        return await services.findings.record(key, RecordFinding.model_validate(outcome), command=command)
    mark = MarkCase.model_validate({"reason": form.value(action), "comment": form.optional("comment")})
    version = seen if correcting else None
    if action == OVER_COVERAGE:
        return await services.findings.mark_over_coverage(key, mark, version=version, command=command)
    return await services.findings.mark_non_response(key, mark, version=version, command=command)


def fields_for(action: Action) -> dict[str, str]:
    """Return the form's field for each of the API's that has another name there."""
    return {} if action == "submit" else {"reason": action}
