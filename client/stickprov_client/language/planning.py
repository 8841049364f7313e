"""What the planner found, in sentences that the command and the page share."""

from decimal import Decimal

from stickprov_client.language.numbers import precise_percent, whole
from stickprov_client.language.translations import Language, texts
from stickprov_contracts.http.planning import AttributePlan, MarginPlan, PlannedSize, StagedPlan


def headline(planned: PlannedSize, language: Language) -> str:
    """Say the answer in one line."""
    say = texts(language).gettext
    if planned.attribute is not None:
        if planned.attribute.whole_frame:
            return say("Review all {n} units.").format(n=whole(planned.attribute.n, language))
        message = (
            say("Draw {n} cases. At most {allowed} of them may deviate.")
            if planned.attribute.allowed
            else say("Draw {n} cases. None of them may deviate.")
        )
        return message.format(
            n=whole(planned.attribute.n, language), allowed=whole(planned.attribute.allowed, language)
        )
    if planned.margin is not None:
        return say("Draw {n} cases.").format(n=whole(planned.margin.n_exact, language))
    return ""


def attribute_sentences(planned: PlannedSize, plan: AttributePlan, language: Language) -> list[str]:
    """Say what a sample for a tolerable rate promises, and what it does not."""
    say = texts(language).gettext
    tolerable = precise_percent(planned.asked.tolerable or Decimal(0), language)
    if plan.whole_frame:
        message = say("Nothing smaller than the whole frame would tell whether fewer than {tolerable} deviate.")
        sentences = [message.format(tolerable=tolerable)]
    else:
        sentences = _promises(plan, tolerable, language)
    if plan.deviating is None:
        return [*sentences, say("No frame size was given, so the frame counts as infinite; a frame needs no more.")]
    message = say("In a frame of {size}, {tolerable} is {deviating} units, rounded up.")
    size, deviating = whole(planned.asked.frame_size, language), whole(plan.deviating, language)
    return [*sentences, message.format(size=size, tolerable=tolerable, deviating=deviating)]


def _promises(plan: AttributePlan, tolerable: str, language: Language) -> list[str]:
    say = texts(language).gettext
    if plan.allowed:
        good = say("If at most {allowed} of the {n} cases deviate, you may say that fewer than {tolerable} of all do.")
        bad = say(
            "If more than {allowed} deviate, the sample does not show that the routine is followed; it does not "
            "prove the opposite either."
        )
    else:
        good = say("If none of the {n} cases deviates, you may say that fewer than {tolerable} of all do.")
        bad = say(
            "If one deviates, the sample does not show that the routine is followed; it does not prove the opposite "
            "either."
        )
    risk = say(
        "Should {tolerable} or more deviate after all, the sample misleads you so with a risk of at most {risk}."
    )
    figures = {
        "allowed": whole(plan.allowed, language),
        "n": whole(plan.n, language),
        "tolerable": tolerable,
        "risk": precise_percent(plan.risk, language, decimals=2),
    }
    return [f"{good} {risk}".format(**figures), bad.format(**figures)]


def margin_sentences(planned: PlannedSize, plan: MarginPlan, language: Language) -> list[str]:
    """Say what a sample for a margin of error promises."""
    say = texts(language).gettext
    sentences = [
        say(
            "With {n} cases the exact interval ({confidence}) reaches at most {margin} to either side on average, when "
            "{expected} of the cases deviate. The usual approximate formula says {normal}."
        ).format(
            n=whole(plan.n_exact, language),
            confidence=precise_percent(planned.asked.confidence, language),
            margin=precise_percent(planned.asked.margin or Decimal(0), language),
            expected=precise_percent(plan.expected, language),
            normal=whole(plan.n, language),
        )
    ]
    if plan.worst_case:
        sentences.append(say("Half is the worst case: any other share gives a narrower interval."))
    return sentences


def staged_rows(plan: StagedPlan, language: Language) -> list[tuple[str, str, str, str]]:
    """Return each stage: draw so many more, drawn in all, stop at so many deviations, risk added."""
    return [
        (
            whole(stage.add, language),
            whole(stage.total, language),
            whole(stage.allowed, language),
            precise_percent(stage.risk, language, decimals=2),
        )
        for stage in plan.stages
    ]


def staged_sentence(planned: PlannedSize, plan: StagedPlan, language: Language) -> str:
    """Say what the stages' risk is together, and whether that is allowed."""
    say = texts(language).gettext
    message = (
        say("All stages together mislead with a risk of {risk}, and {allowed} is allowed: the plan holds.")
        if plan.holds
        else say(
            "All stages together mislead with a risk of {risk}, but only {allowed} is allowed: the plan does not hold. "
            "Each stage is another chance to stop, so their risks add up."
        )
    )
    return message.format(
        risk=precise_percent(plan.risk, language, decimals=2),
        allowed=precise_percent(1 - planned.asked.confidence, language),
    )
