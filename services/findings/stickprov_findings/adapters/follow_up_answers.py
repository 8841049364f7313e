"""The follow-up as the API shows it: what holds now, and how it came to that."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, Literal
from uuid import UUID

from stickprov_contracts.events import NoteReference
from stickprov_contracts.events.follow_ups import (
    ActionFollowedUp,
    ActionProposed,
    ActionUpdated,
    ControlConcluded,
    PlanStatusReported,
)
from stickprov_contracts.http import follow_ups as api
from stickprov_findings.adapters.sql.follow_ups import FollowUpReader, Texts, Told
from stickprov_findings.domain.follow_up.action import ENDED, ActionEvent, State, state_of

_WHAT: Final[dict[str, Literal["proposed", "updated", "followed-up"]]] = {
    ActionProposed.name: "proposed",
    ActionUpdated.name: "updated",
    ActionFollowedUp.name: "followed-up",
}


async def conclusions(reader: FollowUpReader, control_point: str | None) -> list[api.Conclusion]:
    """Return the conclusions that hold, by control point and period."""
    newest: dict[str, tuple[Told, ControlConcluded]] = {}
    for told in await reader.conclusions():
        if isinstance(told.event, ControlConcluded) and control_point in {None, told.event.control_point}:
            newest[told.stream] = (told, told.event)
    held = sorted(newest.values(), key=lambda one: (one[1].control_point, one[1].period.start, one[1].period.end))
    texts = await reader.texts(reference for _, event in held for reference in (*event.texts.values(), event.reason))
    return [_conclusion(told, event, texts) for told, event in held]


def _conclusion(told: Told, event: ControlConcluded, texts: Texts) -> api.Conclusion:
    return api.Conclusion(
        control_point=event.control_point,
        period=event.period,
        carried_out_from=event.carried_out_from,
        carried_out_to=event.carried_out_to,
        verdict=event.verdict,
        proposal=event.proposal,
        carried_out_by=texts.of(event.texts.get("carried_out_by")),
        sampling_method=texts.of(event.texts.get("sampling_method")),
        result=texts.of(event.texts.get("result")),
        assessment=texts.of(event.texts.get("assessment")),
        proposed_actions=texts.of(event.texts.get("proposed_actions")),
        process=texts.of(event.texts.get("process")),
        system=texts.of(event.texts.get("system")),
        wording=texts.of(event.texts.get("wording")),
        reason=texts.of(event.reason),
        version=told.version,
        time=told.time,
        actor=told.actor,
    )


async def actions(reader: FollowUpReader, today: date) -> list[api.Action]:
    """Return every action as it stands, in the order in which they were proposed."""
    return await _actions(reader, await reader.actions(), today)


async def action(reader: FollowUpReader, id_: UUID, today: date) -> api.Action | None:
    """Return one action as it stands; None where there is none."""
    return next(iter(await _actions(reader, await reader.action(id_), today)), None)


async def _actions(reader: FollowUpReader, happened: Iterable[Told], today: date) -> list[api.Action]:
    by_stream: dict[str, list[tuple[Told, ActionEvent]]] = {}
    for told in happened:
        if isinstance(told.event, ActionProposed | ActionUpdated | ActionFollowedUp):
            by_stream.setdefault(told.stream, []).append((told, told.event))
    texts = await reader.texts(
        reference for steps in by_stream.values() for _, event in steps for reference in _references(event)
    )
    return [_action(steps, texts, today) for steps in by_stream.values()]


def _references(event: ActionEvent) -> Iterator[NoteReference | None]:
    if isinstance(event, ActionFollowedUp):
        yield event.finding
    else:
        yield event.description
    if isinstance(event, ActionUpdated):
        yield event.reason


def _action(steps: Sequence[tuple[Told, ActionEvent]], texts: Texts, today: date) -> api.Action:
    state = state_of(event for _, event in steps)
    if state is None:
        raise TypeError("an action's stream begins with its proposal")
    terms = state.terms
    return api.Action(
        action=state.action,
        control_point=terms.control_point,
        plan=terms.plan,
        number=terms.number,
        description=texts.of(state.description),
        responsible=terms.responsible,
        owner=terms.owner,
        due=terms.due,
        status=terms.status,
        overdue=_is_overdue(state, today),
        follow_ups=[_follow_up(told, event, texts) for told, event in steps if isinstance(event, ActionFollowedUp)],
        history=list(_changes(steps, texts)),
        version=state.version,
    )


def _is_overdue(state: State, today: date) -> bool:
    return state.terms.due is not None and state.terms.due < today and state.terms.status not in ENDED


def _follow_up(told: Told, event: ActionFollowedUp, texts: Texts) -> api.FollowUp:
    return api.FollowUp(
        period=event.period,
        status=event.status,
        effect=event.effect,
        finding=texts.of(event.finding),
        time=told.time,
        actor=told.actor,
    )


def _changes(steps: Iterable[tuple[Told, ActionEvent]], texts: Texts) -> Iterator[api.ActionChange]:
    due: date | None = None
    for told, event in steps:
        if isinstance(event, ActionProposed | ActionUpdated):
            due = event.due
        yield api.ActionChange(
            version=told.version,
            what=_WHAT[event.name],
            time=told.time,
            actor=told.actor,
            status=event.status,
            due=due,
            reason=texts.of(event.reason) if isinstance(event, ActionUpdated) else None,
        )


async def plan_statuses(reader: FollowUpReader, plan: str | None) -> list[api.PlanStatus]:
    """Return the statuses that hold, by plan, period and row."""
    newest: dict[tuple[str, str, str], tuple[Told, PlanStatusReported]] = {}
    for told in await reader.plan_statuses():
        event = told.event
        if isinstance(event, PlanStatusReported) and plan in {None, event.plan}:
            newest[event.plan, event.control_point, f"{event.period.start}/{event.period.end}"] = (told, event)
    held = sorted(newest.values(), key=lambda one: (one[1].plan, one[1].period.start, one[1].control_point))
    texts = await reader.texts(event.text for _, event in held)
    return [
        api.PlanStatus(
            plan=event.plan,
            control_point=event.control_point,
            period=event.period,
            status=event.status,
            text=texts.of(event.text),
            time=told.time,
            actor=told.actor,
        )
        for told, event in held
    ]
