"""The rest of a statistic in a terminal: what was left out, units, answers, what is inside the cases, second looks."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from stickprov_client.language.follow_ups import PROPOSALS, VERDICTS, named
from stickprov_client.language.intervals import (
    method_name,
    verdict_explained,
    verdict_sign,
    verdict_word,
    why_no_interval,
)
from stickprov_client.language.numbers import (
    one_decimal,
    percent,
    precise_percent,
    ratio,
    round_percent,
    shares,
    two_decimals,
    whole,
)
from stickprov_client.language.periods import month_name, range_name
from stickprov_client.language.questionnaires import in_language
from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.http.statistics import Interval, QuestionStatistics, Share, Statistics

_KAPPA: Final = marked("Cohen's kappa")


def verdict_lines(statistics: Statistics, language: Language) -> list[RenderableType]:
    """Return the verdict against the tolerance beside what persons concluded."""
    say = texts(language).gettext
    lines: list[RenderableType] = []
    if statistics.verdict is not None:
        tolerance = precise_percent(statistics.verdict.tolerance, language)
        word = f"{verdict_sign(statistics.verdict)} {verdict_word(statistics.verdict, language)}"
        explained = verdict_explained(statistics.verdict, language)
        lines.append(Text(f"{say('Against the tolerance')} {tolerance}: {word}. {explained}"))
    for one in statistics.conclusions:
        period = range_name(one.period.start, one.period.end, language)
        proposal = f" {named(one.proposal, language, PROPOSALS)}." if one.proposal else ""
        lines.append(
            Text(f"{say('What a person concluded')} ({period}): {named(one.verdict, language, VERDICTS)}.{proposal}")
        )
    return lines


def parts_of(statistics: Statistics, language: Language) -> Iterator[RenderableType]:
    """Yield every part that there is something in, an empty line before each."""
    for part in (_left_out, _groups, _answers, _inside, _second_looks):
        found = list(part(statistics, language))
        if found:
            yield ""
            yield from found


def _left_out(statistics: Statistics, language: Language) -> Iterator[RenderableType]:
    say = texts(language).gettext
    total = statistics.total
    if total.over_coverage or total.non_response or total.waiting:
        counts = (
            (say("Over-coverage"), total.over_coverage),
            (say("Non-response"), total.non_response),
            (say("Waiting"), total.waiting),
        )
        yield Text(" · ".join(f"{name} {whole(count, language)}" for name, count in counts), style="bold")
    for reason in statistics.reasons:
        yield Text(f"  {in_language(reason, language)}: {whole(reason.count, language)}")
    missing = statistics.missing
    if missing is not None and missing.missing and missing.worst_case is not None:
        yield Text(
            f"{say('At worst: from none of them with a remark to all')}: {shares(missing.worst_case, language)}"
            f" ({say('If they are like the others')}: {shares(missing.at_random, language)})"
        )


def _groups(statistics: Statistics, language: Language) -> Iterator[RenderableType]:
    say = texts(language).gettext
    if any(part.stratum for part in statistics.strata):
        table = _table(
            say("Stratum"), say("Month"), numbers=("N", say("Reviewed"), "x", say("Share"), "", say("Interval"))
        )
        for part in statistics.strata:
            counts = (part.size, part.reviewed, part.remarks)
            table.add_row(
                escape(part.stratum),
                month_name(part.month, language),
                *(whole(count, language) for count in counts),
                *_of(part.remark_share, language),
                shares(part.interval, language),
            )
        yield table
    if len(statistics.units) > 1:
        table = _table(say("Unit"), numbers=(say("Reviewed"), "x", say("Share"), ""))
        for unit in statistics.units:
            table.add_row(
                escape(unit.unit or say("no unit")),
                whole(unit.reviewed, language),
                whole(unit.remarks, language),
                *_of(unit.remark_share, language),
            )
        yield table


def _answers(statistics: Statistics, language: Language) -> Iterator[RenderableType]:
    yield from _questions(statistics.questions, language)


def _inside(statistics: Statistics, language: Language) -> Iterator[RenderableType]:
    inside = statistics.subunits
    if inside is None:
        return
    say = texts(language).gettext
    share = f"{percent(inside.remark_share.value, language)} {ratio(inside.remark_share, language)}"
    yield Text(f"{say('Inside the cases')}: {inside.name}", style="bold")
    yield Text(f"{say('With a remark')} {share}{_limits(inside.interval, language)}")
    if inside.no_interval is not None:
        yield Text(why_no_interval(inside.no_interval, language), style="dim")


def _second_looks(statistics: Statistics, language: Language) -> Iterator[RenderableType]:
    say = texts(language).gettext
    agreement = statistics.agreement
    if agreement is not None:
        agreed = f"{percent(agreement.agreed.value, language)} {ratio(agreement.agreed, language)}"
        kappa = f"{say(_KAPPA)} {two_decimals(agreement.kappa, language)}"
        yield Text(f"{say('Agreement between reviewers')}: {agreed}, {kappa}")
    again = statistics.file_review
    if again is not None:
        share = f"{percent(again.remark_share.value, language)} {ratio(again.remark_share, language)}"
        looked = say("of {count} cases with a remark").format(count=whole(again.due, language))
        yield Text(
            f"{say('File review')}: {whole(again.reviewed, language)} {looked}; {say('With a remark again')} {share}"
        )
        yield from _questions(again.questions, language)


def _questions(questions: Sequence[QuestionStatistics], language: Language) -> Iterator[RenderableType]:
    say = texts(language).gettext
    for question in questions:
        asked = say("{asked} answered, of {reviewed} reviewed").format(
            asked=whole(question.asked, language), reviewed=whole(question.reviewed, language)
        )
        yield Text(f"{in_language(question, language)} ({asked})", style="bold")
        if question.options:
            table = _table("", numbers=("", "", say("Interval")))
            for option in question.options:
                row = (*_of(option.share, language), shares(option.interval, language))
                table.add_row(escape(in_language(option, language)), *row)
            yield table
        if question.number is not None:
            total, mean = one_decimal(question.number.total, language), one_decimal(question.number.mean, language)
            yield Text(f"  {say('Sum')} {total}, {say('Mean')} {mean}")


def _limits(interval: Interval | None, language: Language) -> str:
    if interval is None:
        return ""
    level, method = round_percent(interval.confidence, language), method_name(interval, language)
    return f" ({shares(interval, language)}; {level}, {method})"


def _of(share: Share, language: Language) -> tuple[str, str]:
    return percent(share.value, language), ratio(share, language)


def _table(*names: str, numbers: Sequence[str]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1))
    for name in names:
        table.add_column(name, overflow="fold")
    for number in numbers:
        table.add_column(number, justify="right", no_wrap=True)
    return table
