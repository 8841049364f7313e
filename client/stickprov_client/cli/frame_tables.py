"""Frames and register files as tables."""

from rich.markup import escape
from rich.table import Table

from stickprov_client.cli.console import stderr, stdout
from stickprov_client.cli.facts import facts_table
from stickprov_client.cli.faults import fault_lines
from stickprov_client.cli.session import Session
from stickprov_client.language.frame_columns import where_columns_go
from stickprov_client.language.numbers import NOTHING, whole
from stickprov_contracts.http.sampler import Frame, FrameOptions, FrameReport


def print_report(session: Session, report: FrameReport, options: FrameOptions) -> None:
    """Print what was seen in a register file, and where each of its columns goes."""
    say, language = session.say, session.language
    delimiter = say("tab") if report.delimiter == "\t" else report.delimiter or NOTHING
    types = {
        "text": say("text"),
        "integer": say("whole number"),
        "decimal": say("decimal number"),
        "date": say("date"),
        "boolean": say("yes or no"),
        "empty": say("empty"),
    }
    columns = ", ".join(f"{column.name} ({types[column.type]})" for column in report.columns)
    facts = [
        (say("Format"), report.format.upper()),
        *([(say("Sheet"), report.sheet)] if report.sheet else []),
        (say("Encoding"), report.encoding or NOTHING),
        (say("Delimiter"), delimiter),
        (say("Columns"), columns),
        (say("Rows read"), whole(report.rows, language)),
        (say("Accepted units"), whole(report.accepted, language)),
        *(
            (say("Left out by the filter"), f"{clause.text} · {whole(clause.removed, language)}")
            for clause in report.clauses
        ),
        (say("Rejected rows"), whole(report.rejected_rows, language)),
        (say("Duplicates"), whole(report.duplicates, language)),
        (say("Subunits"), whole(report.subunits, language)),
    ]
    if report.protected is not None:
        facts.append((say("Protected identities"), whole(report.protected, language)))
    if report.rejected_subunit_rows:
        facts.append((say("Rejected rows of the subunits' file"), whole(report.rejected_subunit_rows, language)))
    stdout().print(facts_table(facts))
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in (say("Column"), say("Where it goes")):
        table.add_column(heading, overflow="fold")
    for name, place in where_columns_go(report.columns, options, language):
        table.add_row(escape(name), escape(place))
    stdout().print(table)
    for line in fault_lines(report.rejected, language):
        stdout().print(line)


def warn_of_protection(session: Session, report: FrameReport) -> None:
    """Say on the error output that a column looks as if it said whose identity is protected, and was not named."""
    if report.protection_guess is not None:
        hint = session.say(
            "Column “{name}” looks as if it said whose identity is protected. If it does, name it with "
            "--protection-column: nobody is protected otherwise."
        ).format(name=report.protection_guess)
        stderr().print(escape(hint))


def print_verdict(session: Session, report: FrameReport) -> None:
    """Print whether a register file could be frozen as it is."""
    rejected = report.rejected_rows + report.rejected_subunit_rows
    if rejected:
        text = session.say("Nothing is frozen before the rejected rows are corrected or removed. Nothing was stored.")
    elif report.accepted:
        text = session.say("The file can be frozen as it is. Nothing was stored.")
    else:
        text = session.say("No row is left, so there is nothing to freeze. Nothing was stored.")
    stdout().print(f"[bold]{text}[/]")
    if rejected > len({fault.row for fault in report.rejected}):
        shown = session.say("The first {number} faults are shown.").format(number=len(report.rejected))
        stdout().print(shown)


def print_frame(session: Session, frozen: Frame) -> None:
    """Print one frozen frame."""
    say, language = session.say, session.language
    facts = [
        (say("Frame"), frozen.frame_name),
        (say("Id"), str(frozen.frame)),
        (say("Control point"), frozen.control_point),
        (say("Period"), f"{frozen.period.label} ({frozen.period.start} – {frozen.period.end})"),
        (say("Size N"), whole(frozen.size, language)),
        (say("Subunits"), whole(frozen.subunits, language)),
        (say("Hash of the frame"), frozen.frame_hash),
        (say("Hash of the file"), frozen.source_hash),
        (say("Log position"), whole(frozen.position, language)),
    ]
    if frozen.filter is not None:
        facts.append((say("Filter"), frozen.filter))
        facts += [
            (say("Left out"), f"{clause} · {whole(count, language)}") for clause, count in frozen.excluded.items()
        ]
    facts += [
        (say("Stratum"), f"{part.stratum or NOTHING} · {part.month} · N = {whole(part.size, language)}")
        for part in frozen.strata
    ]
    stdout().print(facts_table(facts))


def print_frames(session: Session, frames: list[Frame]) -> None:
    """Print a list of frozen frames."""
    say, language = session.say, session.language
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in (say("Frame"), say("Control point"), say("Period")):
        table.add_column(heading, overflow="fold")
    table.add_column(say("Size N"), justify="right")
    table.add_column(say("Id"), overflow="fold")
    for one in frames:
        size = whole(one.size, language)
        table.add_row(one.frame_name, one.control_point, one.period.label, size, str(one.frame))
    stdout().print(table)
