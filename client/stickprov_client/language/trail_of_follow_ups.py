"""Sentences about what was concluded, and which actions came of it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from stickprov_client.language.follow_ups import ACTION_STATUSES, ROW_STATUSES, VERDICTS
from stickprov_client.language.trail_words import Telling
from stickprov_client.language.translations import marked
from stickprov_contracts.events import follow_ups


def _concluded(event: follow_ups.ControlConcluded, to: Telling) -> str:
    words = (
        marked("{point} was concluded for {period}: {verdict}")
        if event.replaces is None
        else marked("{point} was concluded anew for {period}: {verdict}")
    )
    verdict = _small(to.among(VERDICTS, event.verdict))
    return to.say(words, point=event.control_point, period=to.period(event.period), verdict=verdict)


def _proposed(event: follow_ups.ActionProposed, to: Telling) -> str:
    return _action(event, to, marked("An action was proposed: {standing}"))


def _updated(event: follow_ups.ActionUpdated, to: Telling) -> str:
    return _action(event, to, marked("The action was changed: {standing}"))


def _action(event: Any, to: Telling, words: str) -> str:  # noqa: ANN401 - either event of an action
    standing = [_small(to.among(ACTION_STATUSES, event.status))]
    if event.responsible:
        standing.append(to.say(marked("responsible {responsible}"), responsible=event.responsible))
    if event.due:
        standing.append(to.say(marked("due {day}"), day=event.due.isoformat()))
    return to.say(words, standing=to.listed(standing))


def _followed_up(event: follow_ups.ActionFollowedUp, to: Telling) -> str:
    status = _small(to.among(ACTION_STATUSES, event.status))
    return to.say(
        marked("The action was followed up, {period}: {status}"), period=to.period(event.period), status=status
    )


def _status_reported(event: follow_ups.PlanStatusReported, to: Telling) -> str:
    return to.say(
        marked("How {point} stands in plan {plan}, {period}: {status}"),
        point=event.control_point,
        plan=event.plan,
        period=to.period(event.period),
        status=_small(to.among(ROW_STATUSES, event.status)),
    )


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


SENTENCES: Final[Mapping[str, Callable[[Any, Telling], str]]] = {
    follow_ups.ControlConcluded.name: _concluded,
    follow_ups.ActionProposed.name: _proposed,
    follow_ups.ActionUpdated.name: _updated,
    follow_ups.ActionFollowedUp.name: _followed_up,
    follow_ups.PlanStatusReported.name: _status_reported,
}
