"""Sentences about what the sampler did: plans, frames, seeds, samples, measures."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from stickprov_client.language.draws import DESIGNS, REASONS
from stickprov_client.language.periods import month_name
from stickprov_client.language.trail_words import Telling
from stickprov_client.language.translations import marked
from stickprov_contracts.events import draws, identities, measures, plans, sampler

_WHY_SHOWN: Final = {
    "review": marked("review"),
    "second-review": marked("second review"),
    "file-review": marked("file review"),
    "coordination": marked("coordination"),
}


def _control_point_defined(event: sampler.ControlPointDefined, to: Telling) -> str:
    return to.say(
        marked("Control point {point} was defined: {measure}"), point=event.control_point, measure=event.measure
    )


def _frame_frozen(event: sampler.FrameFrozen, to: Telling) -> str:
    return to.say(
        marked("Frame {name} was frozen for {point}, {period}: N = {size}"),
        name=event.frame_name,
        point=event.control_point,
        period=to.period(event.period),
        size=to.number(event.size),
    )


def _seed_drawn(event: sampler.SeedDrawn, to: Telling) -> str:
    if event.origin == "ceremony":
        return to.say(marked("A seed that was thrown before witnesses was entered for a draw"))
    return to.say(marked("The system made the seed of a draw, after the frame was frozen"))


def _sample_drawn(event: sampler.SampleDrawn, to: Telling) -> str:
    return to.say(
        marked("A sample was drawn for {points}, {period}: {drawn} of {size} ({design})"),
        points=to.listed(event.control_points),
        period=to.period(event.period),
        drawn=to.number(event.drawn),
        size=to.number(event.size),
        design=to.among(DESIGNS, event.design).lower(),
    )


def _case_drawn(event: sampler.CaseDrawn, to: Telling) -> str:
    place = to.listed([part for part in (month_name(event.month, to.language), event.stratum, event.unit) if part])
    return to.say(marked("The case was drawn as number {order}: {place}"), order=to.number(event.order), place=place)


def _seed_committed(_event: draws.SeedCommitted, to: Telling) -> str:
    return to.say(marked("A secret seed was made for a series, and its hash published"))


def _seed_revealed(_event: draws.SeedRevealed, to: Telling) -> str:
    return to.say(marked("The secret seed of a series was shown: anybody can repeat its draws"))


def _sample_extended(event: draws.SampleExtended, to: Telling) -> str:
    return to.say(
        marked("The sample of {points} was made larger by {added}, to {drawn}"),
        points=to.listed(event.control_points),
        added=to.number(event.added),
        drawn=to.number(event.drawn),
    )


def _case_replaced(event: draws.CaseReplaced, to: Telling) -> str:
    return to.say(marked("The case gave way to a spare: {reason}"), reason=to.among(REASONS, event.reason))


def _plan_adopted(event: plans.ControlPlanAdopted, to: Telling) -> str:
    return to.say(
        marked("Plan {plan} was adopted for {year}; control points: {count}"),
        plan=event.plan,
        year=event.year,
        count=to.number(len(event.control_points)),
    )


def _carried_over(event: plans.ControlPointCarriedOver, to: Telling) -> str:
    words = {
        "kept": marked("Control point {point} was kept in plan {plan} as {to}"),
        "reformulated": marked("Control point {point} was reformulated in plan {plan} as {to}: {wording}"),
        "retired": marked("Control point {point} was retired with plan {plan}"),
    }
    message = words.get(event.how, words["kept"] if event.to else words["retired"])
    return to.say(message, point=event.control_point, plan=event.plan, to=event.to or "", wording=event.wording)


def _questionnaire_published(event: plans.QuestionnairePublished, to: Telling) -> str:
    return to.say(
        marked("Version {number} of questionnaire {questionnaire} was published"),
        number=event.number,
        questionnaire=event.questionnaire,
    )


def _staff_listed(event: plans.StaffListed, to: Telling) -> str:
    return to.say(marked("The staff list was read anew; people on it: {count}"), count=to.number(len(event.staff)))


def _period_closed(event: plans.PeriodClosed, to: Telling) -> str:
    return to.say(
        marked("The period {period} was closed for {points}"),
        period=to.period(event.period),
        points=to.listed(event.control_points),
    )


def _register_measured(event: measures.RegisterMeasured, to: Telling) -> str:
    return to.say(
        marked("The register was measured for {points}, {period}: {title}, {numerator} of {denominator}"),
        points=to.listed(event.control_points),
        period=to.period(event.period),
        title=event.title,
        numerator=to.exactly(event.numerator),
        denominator=to.number(event.denominator),
    )


def _schedule_set(event: measures.ScheduleSet, to: Telling) -> str:
    first = month_name(event.first, to.language)
    if event.last is None:
        return to.say(marked("A schedule was set for {point} from {first}"), point=event.control_point, first=first)
    last = month_name(event.last, to.language)
    message = marked("A schedule was set for {point} from {first} to {last}")
    return to.say(message, point=event.control_point, first=first, last=last)


def _identity_shown(event: identities.IdentityShown, to: Telling) -> str:
    return to.say(marked("Who the case is was shown, for {why}"), why=to.among(_WHY_SHOWN, event.why))


def _protections_changed(_event: identities.ProtectionsChanged, to: Telling) -> str:
    return to.say(marked("Whose identity is protected was changed; the log does not say whose"))


SENTENCES: Final[Mapping[str, Callable[[Any, Telling], str]]] = {
    sampler.ControlPointDefined.name: _control_point_defined,
    sampler.FrameFrozen.name: _frame_frozen,
    sampler.SeedDrawn.name: _seed_drawn,
    sampler.SampleDrawn.name: _sample_drawn,
    sampler.CaseDrawn.name: _case_drawn,
    draws.SeedCommitted.name: _seed_committed,
    draws.SeedRevealed.name: _seed_revealed,
    draws.SampleExtended.name: _sample_extended,
    draws.CaseReplaced.name: _case_replaced,
    plans.ControlPlanAdopted.name: _plan_adopted,
    plans.ControlPointCarriedOver.name: _carried_over,
    plans.QuestionnairePublished.name: _questionnaire_published,
    plans.StaffListed.name: _staff_listed,
    plans.PeriodClosed.name: _period_closed,
    measures.RegisterMeasured.name: _register_measured,
    measures.ScheduleSet.name: _schedule_set,
    identities.IdentityShown.name: _identity_shown,
    identities.ProtectionsChanged.name: _protections_changed,
}
