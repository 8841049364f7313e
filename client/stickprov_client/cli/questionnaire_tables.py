"""Questionnaires as tables."""

from collections.abc import Iterable, Sequence

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from stickprov_client.cli.session import Session
from stickprov_client.language.questionnaires import answer_name, in_language, question_type, reasons_of
from stickprov_contracts.http.plans import PublishedQuestionnaire
from stickprov_contracts.questionnaires import Condition, OlderThan, Question, Questionnaire, RemarkRule


def questionnaires_table(session: Session, published: Sequence[PublishedQuestionnaire]) -> Table:
    """Return the list of questionnaires."""
    say = session.say
    table = _table(say("Questionnaire"), say("Version"), say("Questions"), say("Title"))
    for one in published:
        title = in_language(one.content, session.language)
        table.add_row(escape(one.questionnaire), str(one.number), str(len(one.content.questions)), escape(title))
    return table


def questionnaire_tables(session: Session, one: PublishedQuestionnaire) -> Iterable[RenderableType]:
    """Yield a questionnaire's heading and its questions in order."""
    say = session.say
    version = say("version {number}").format(number=one.number)
    yield f"[bold]{escape(in_language(one.content, session.language))}[/] ({escape(one.questionnaire)}, {version})"
    yield questions_table(session, one.content)
    yield reasons_table(session, one.content)
    if one.content.remark == "asked":
        yield escape(say("The reviewer says whether there is a remark."))


def questions_table(session: Session, questionnaire: Questionnaire) -> Table:
    """Return the questions in order: how each is answered, when it is asked, which answers are remarks."""
    say = session.say
    table = _table(say("Question"), say("Id"), say("Answer"), say("Asked"), say("Remark"))
    for question in questionnaire.questions:
        cells = (
            in_language(question, session.language),
            question.id,
            _answer(session, question),
            _asked(session, question, questionnaire),
            "\n".join(_rule(session, rule, question.id, questionnaire) for rule in question.remarks),
        )
        table.add_row(*(escape(cell) for cell in cells))
    return table


def reasons_table(session: Session, questionnaire: Questionnaire | None) -> Table:
    """Return why a case may not be reviewed, each reason with the id that a command takes."""
    say = session.say
    table = _table(say("Reason"), say("Id"), say("For"))
    for mark, name in (("over-coverage", say("Over-coverage")), ("non-response", say("Non-response"))):
        for reason in reasons_of(questionnaire, mark):
            table.add_row(*(escape(cell) for cell in (in_language(reason, session.language), reason.id, name)))
    return table


def _answer(session: Session, question: Question) -> str:
    if question.derived is not None:
        return _derived(session, question.derived)
    kind = question_type(question.type, session.language)
    if question.options:
        options = (f"{option.id} ({in_language(option, session.language)})" for option in question.options)
        return f"{kind}: {', '.join(options)}"
    unit = question.unit_sv if session.language == "sv" else question.unit_en
    return f"{kind} ({unit})" if unit else kind


def _derived(session: Session, rule: OlderThan) -> str:
    say = session.say
    parts = ((rule.years, say("years")), (rule.months, say("months")), (rule.days, say("days")))
    back = ", ".join(f"{count} {unit}" for count, unit in parts if count)
    day = say("at the period's end") if rule.at == "period_end" else say("on the day of the review")
    return say("computed: {date} older than {back} {day}").format(date=rule.date, back=back, day=day)


def _asked(session: Session, question: Question, asking: Questionnaire) -> str:
    say = session.say
    level = say("of each subunit") if question.level == "subunit" else ""
    need = "" if question.required or question.derived else say("not required")
    return ", ".join(part for part in (level, need, _condition(session, question.applies_if, asking)) if part)


def _condition(session: Session, condition: Condition | None, asking: Questionnaire) -> str:
    if condition is None:
        return ""
    answers = " / ".join(
        answer_name(asking, condition.question, answer, session.language) for answer in condition.answers
    )
    return session.say("if {question} is {answers}").format(question=condition.question, answers=answers)


def _rule(session: Session, rule: RemarkRule, question: str, asking: Questionnaire) -> str:
    say = session.say
    bounds = [
        *([say("above {number}").format(number=rule.above)] if rule.above is not None else []),
        *([say("below {number}").format(number=rule.below)] if rule.below is not None else []),
    ]
    answers = (answer_name(asking, question, answer, session.language) for answer in rule.answers)
    when = " / ".join([*answers, *bounds])
    return f"{when} → {rule.category}" if rule.category else when


def _table(*headings: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
