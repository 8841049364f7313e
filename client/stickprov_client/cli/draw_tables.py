"""Draws, their cases, previews and verifications as tables."""

from typing import Final

from rich.markup import escape
from rich.table import Table

from stickprov_client.cli.columns import print_columns
from stickprov_client.cli.console import stdout
from stickprov_client.cli.facts import facts_table
from stickprov_client.cli.session import Session
from stickprov_client.language.draws import design_name, reason_name, rule_name, warning_text
from stickprov_client.language.numbers import NOTHING, percent, whole
from stickprov_client.language.verification import checks_of, first_difference
from stickprov_contracts.http.draws import DrawPreview, ReplacedCase
from stickprov_contracts.http.sampler import Draw, DrawnCase, DrawVerification

_MOST_PARTS: Final = 40


def print_draw(session: Session, made: Draw) -> None:
    """Print everything about a draw."""
    say, language = session.say, session.language
    facts = [
        (say("Draw"), str(made.draw)),
        (say("Frame"), made.frame_name),
        (say("Control points"), ", ".join(made.control_points)),
        (say("Period"), made.period.label),
        (say("Design"), design_name(made.design, language)),
        (say("Size N"), whole(made.size, language)),
        (say("Drawn n"), whole(made.drawn, language)),
        *_design_facts(session, made),
        (say("Seed"), made.seed or say("still secret")),
        (say("Hash of the frame"), made.frame_hash),
        (say("Algorithm"), made.algorithm),
        (say("Position of the frame"), whole(made.frame_position, language)),
        (say("Position of the seed"), whole(made.seed_position, language)),
        (say("Position of the sample"), whole(made.sample_position, language)),
    ]
    parts = parts_of(made)
    for name, (size, drawn) in list(parts.items())[:_MOST_PARTS]:
        sizes = f"n = {whole(drawn, language)} / N = {whole(size, language)}"
        facts.append((say("Stratum") if made.stratified_by else say("Month"), f"{name} · {sizes}"))
    stdout().print(facts_table(facts))
    if len(parts) > _MOST_PARTS:
        more = say("and %(count)s strata more; --json has them all.")
        stdout().print(escape(more % {"count": whole(len(parts) - _MOST_PARTS, language)}))


def parts_of(made: Draw) -> dict[str, tuple[int, int]]:
    """Return N_h and n_h of each stratum, by name; of each month for a draw that is not stratified."""
    by = made.stratified_by or ["month"]
    parts: dict[str, tuple[int, int]] = {}
    for cell in made.allocation:
        named = [cell.month] if "month" in by else []
        if set(by) - {"month"}:
            named.append(cell.stratum or NOTHING)
        size, drawn = parts.get(" · ".join(named), (0, 0))
        parts[" · ".join(named)] = (size + cell.size, drawn + cell.drawn)
    return dict(sorted(parts.items()))


def _design_facts(session: Session, made: Draw) -> list[tuple[str, str]]:
    say, language = session.say, session.language
    told = [
        (say("Stratified by"), ", ".join(made.stratified_by)),
        (say("Shared out"), rule_name(made.allocation_rule, language) if made.allocation_rule else ""),
        (say("Sort key"), made.sort_key or ""),
        (say("Interval and start"), f"{made.interval}, {made.start}" if made.interval else ""),
        (say("Chances by"), made.size_column or ""),
        (say("Tickets from"), made.shift or ""),
        (say("Coordinated with"), str(made.coordinated_with or "")),
        (say("Hash of the seed"), made.seed_hash or ""),
        (say("Added later"), whole(made.extended, language) if made.extended else ""),
        (say("Replaced by spares"), whole(made.replaced, language) if made.replaced else ""),
    ]
    return [(name, value) for name, value in told if value]


def print_preview(session: Session, found: DrawPreview) -> None:
    """Print what a draw would be."""
    say, language = session.say, session.language
    stdout().print(
        f"[bold]{escape(design_name(found.design, language))}[/]: "
        f"n = {whole(found.drawn, language)} / N = {whole(found.size, language)}"
    )
    rows = [
        (
            part.name or NOTHING,
            whole(part.size, language),
            whole(part.drawn, language),
            _width(session, part.half_width),
        )
        for part in found.parts
    ]
    print_columns((say("Stratum"), say("Size N"), say("Drawn n"), say("Interval ±")), rows)
    rate = percent(float(found.expected_rate), language)
    if found.half_width is None:
        told = say("How far the interval will reach cannot be computed beforehand.")
    else:
        reaches = say("If %(rate)s have a remark, the interval reaches ± %(width)s.")
        told = reaches % {"rate": rate, "width": _width(session, found.half_width)}
    stdout().print(escape(told))
    for warning in found.warnings:
        stdout().print(f"[yellow]![/] {escape(warning_text(warning, language))}")


def _width(session: Session, half_width: float | None) -> str:
    return NOTHING if half_width is None else percent(half_width, session.language)


def print_verification(session: Session, verification: DrawVerification) -> None:
    """Print each check of a draw, and the verdict."""
    for what, held in checks_of(verification, session.language):
        stdout().print(f"  {'[green]✓[/]' if held else '[bold red]✗[/]'} {escape(what)}")
    if verification.verdict == "verified":
        stdout().print(f"[bold green]{escape(session.say('Verified: the same cases come out again.'))}[/]")
    elif verification.verdict == "pending":
        stdout().print(f"[bold yellow]{escape(session.say('Pending: the seed is secret until it is revealed.'))}[/]")
    else:
        difference = first_difference(verification, session.language)
        stdout().print(f"[bold red]{escape(session.say('Different'))}:[/] {escape(difference)}")


def print_draws(session: Session, draws: list[Draw]) -> None:
    """Print a line for each draw."""
    say, language = session.say, session.language
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in (say("Draw"), say("Frame"), say("Period"), say("Design")):
        table.add_column(heading, overflow="fold")
    table.add_column(say("Drawn n"), justify="right")
    table.add_column(say("Size N"), justify="right")
    for one in draws:
        sizes = (whole(one.drawn, language), whole(one.size, language))
        table.add_row(
            str(one.draw), escape(one.frame_name), one.period.label, design_name(one.design, language), *sizes
        )
    stdout().print(table)


def print_replacements(session: Session, replaced: list[ReplacedCase]) -> None:
    """Print a line for each replaced case."""
    say, language = session.say, session.language
    headings = (say("Out"), say("Instead"), say("Month"), say("Stratum"), say("Reason"), say("Note"))
    rows = [
        (
            one.case,
            one.replacement,
            one.month,
            one.stratum or NOTHING,
            reason_name(one.reason, language),
            one.note or NOTHING,
        )
        for one in replaced
    ]
    print_columns(headings, rows)


def print_cases(session: Session, cases: list[DrawnCase]) -> None:
    """Print a line for each drawn case."""
    say = session.say
    headings = (say("Order"), say("Month"), say("Stratum"), say("Case"), say("Ticket"), say("Handler"))
    rows = [
        (
            str(case.order),
            case.month,
            case.stratum or NOTHING,
            case.case,
            case.ticket or NOTHING,
            case.handler or NOTHING,
        )
        for case in cases
    ]
    print_columns(headings, rows)
