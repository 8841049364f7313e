"""Register measures in words and rows that commands and pages share."""

from decimal import Decimal

from stickprov_client.language.numbers import one_decimal, percent, precise_percent, whole
from stickprov_client.language.periods import month_name
from stickprov_client.language.translations import Language, texts
from stickprov_contracts.events.measures import Goal
from stickprov_contracts.http.register import RegisterMeasure, RegisterPart


def made_of(numerator: Decimal, denominator: int, language: Language) -> str:
    """Write what a measure is made of, such as ``38/100``."""
    return f"{one_decimal(numerator, language)}/{whole(denominator, language)}"


def goal_text(goal: Goal, language: Language) -> str:
    """Write a goal, such as ``at least 50%``."""
    say = texts(language).gettext
    message = say("at least {share}") if goal.direction == "at-least" else say("at most {share}")
    return message.format(share=precise_percent(goal.share, language))


def part_rows(measure: RegisterMeasure, language: Language) -> list[tuple[str, str, str, str]]:
    """Return name, ratio, share and goal's outcome of the whole and of each part that is told apart."""
    say = texts(language).gettext
    rows = [_row(say("The whole frame"), measure.total, language)]
    if len(measure.months) > 1:
        rows += [_row(month_name(part.name, language), part, language) for part in measure.months]
    if len(measure.years) > 1:
        rows += [_row(part.name, part, language) for part in measure.years]
    if len(measure.units) > 1:
        rows += [_row(part.name or say("no unit"), part, language) for part in measure.units]
    rows += [_row(part.name or say("no category"), part, language) for part in measure.categories]
    return rows


def _row(name: str, part: RegisterPart, language: Language) -> tuple[str, str, str, str]:
    say = texts(language).gettext
    met = {None: "", True: say("goal met"), False: say("goal not met")}[part.meets_goal]
    return name, made_of(part.numerator, part.denominator, language), percent(part.value, language), met
