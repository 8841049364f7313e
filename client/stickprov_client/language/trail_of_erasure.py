"""Sentences about erasure: how long identities are kept, what holds them, and what is gone."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from stickprov_client.language.trail_words import Telling
from stickprov_client.language.translations import marked
from stickprov_contracts.events import erasure


def _retention_set(event: erasure.RetentionSet, to: Telling) -> str:
    if event.months is None:
        return to.say(
            marked("It is no longer decided how long identities of {point} are kept"), point=event.control_point
        )
    message = marked("Identities of {point} are kept for {months} months")
    if event.keep_for_research:
        message = marked("Identities of {point} are kept for {months} months; days 5, 15 and 25 stay for research")
    return to.say(message, point=event.control_point, months=to.number(event.months))


def _hold_placed(event: erasure.LegalHoldPlaced, to: Telling) -> str:
    if event.control_point is not None:
        return to.say(marked("A hold stops the erasure of {point}"), point=event.control_point)
    if event.case is not None:
        return to.say(marked("A hold stops the erasure of the case"))
    return to.say(marked("A hold stops the erasure of the draw"))


def _hold_lifted(_event: erasure.LegalHoldLifted, to: Telling) -> str:
    return to.say(marked("A hold was lifted"))


def _cases_erased(event: erasure.CasesErased, to: Telling) -> str:
    message = marked("Who the cases of {points} are was erased, on request; cases: {count}")
    if event.why == "schedule":
        message = marked("Who the cases of {points} are was erased, because the time is up; cases: {count}")
    return to.say(message, points=to.listed(event.control_points), count=to.number(len(event.cases)))


def _cases_forgotten(event: erasure.CasesForgotten, to: Telling) -> str:
    return to.say(
        marked("Cases were forgotten on request, and no draw brings them back; cases: {count}, frames: {frames}"),
        count=to.number(len(event.cases)),
        frames=to.number(len(event.frames)),
    )


def _frame_erased(_event: erasure.FrameIdentitiesErased, to: Telling) -> str:
    return to.say(marked("Who the units of a frame are was erased"))


def _series_erased(_event: erasure.SeriesKeyErased, to: Telling) -> str:
    return to.say(marked("The key of a series' pseudonyms was erased"))


def _staff_erased(event: erasure.StaffErased, to: Telling) -> str:
    return to.say(marked("Names of people who left were erased; people: {count}"), count=to.number(len(event.staff)))


def _completed(event: erasure.ErasureCompleted, to: Telling) -> str:
    return to.say(
        marked("The erasure was completed: {cases} cases of {draws} draws, {frames} frames"),
        cases=to.number(event.cases),
        draws=to.number(event.draws),
        frames=to.number(event.frames),
    )


def _free_text_erased(event: erasure.FreeTextErased, to: Telling) -> str:
    return to.say(
        marked("What was written about erased cases was erased; cases: {count}, texts: {notes}, drafts: {drafts}"),
        count=to.number(len(event.cases)),
        notes=to.number(event.notes),
        drafts=to.number(event.drafts),
    )


SENTENCES: Final[Mapping[str, Callable[[Any, Telling], str]]] = {
    erasure.RetentionSet.name: _retention_set,
    erasure.LegalHoldPlaced.name: _hold_placed,
    erasure.LegalHoldLifted.name: _hold_lifted,
    erasure.CasesErased.name: _cases_erased,
    erasure.CasesForgotten.name: _cases_forgotten,
    erasure.FrameIdentitiesErased.name: _frame_erased,
    erasure.SeriesKeyErased.name: _series_erased,
    erasure.StaffErased.name: _staff_erased,
    erasure.ErasureCompleted.name: _completed,
    erasure.FreeTextErased.name: _free_text_erased,
}
