"""What stands around a report on paper: heads, feet, the stamp at its end, and what its file is called."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from stickprov_contracts.http.reports import Block, Fields, FormField, Heading, Paragraph, Report, ReportFormat
from stickprov_reporting.domain.reports.writing import Writer

_NO_SIGN: Final = 0xFFFE
"""The last two places of every plane of Unicode are no signs."""
_SHORT: Final = 12
"""Hex digits of a hash that stand in the foot of every page."""

_LOGS: Final[Mapping[str, tuple[str, str]]] = {
    "sampler": ("Urvalets logg", "The sampler's log"),
    "findings": ("Granskningarnas logg", "The findings' log"),
}
_FORBIDDEN: Final = frozenset('\\/:*?"<>|')


@dataclass(frozen=True, slots=True)
class Printed:
    """A report as it is printed.

    Attributes:
        organisation, registration: head of every page. foot: left in the foot of every page.
        page, of: around page numbers. closing: blocks after the report's own, made of its stamp.
        wide: whether the paper lies on its long side.
    """

    report: Report
    organisation: str
    registration: str
    foot: str
    page: str
    of: str
    closing: Sequence[Block]
    wide: bool

    @property
    def blocks(self) -> list[Block]:
        """Everything that is printed after the title."""
        return [*self.report.blocks, *self.closing]


def printed(report: Report) -> Printed:
    """Return a report with what stands around it."""
    writer = Writer(report.language)
    report = Report.model_validate(_writable(report.model_dump()))
    return Printed(
        report=report,
        organisation=report.organisation,
        registration=f"Dnr {report.registration}" if report.registration else "",
        foot=_foot(report, writer),
        page=writer.say("Sida", "Page"),
        of=writer.say("av", "of"),
        closing=_closing(report, writer),
        wide=report.report == "plan-status",
    )


def file_name(report: Report, ending: ReportFormat) -> str:
    """Return what the file is called: ``Internkontrollmoment 3, januari–mars 2021.pdf``."""
    told = f"{report.title}, {report.subtitle}" if report.subtitle else report.title
    plain = "".join(" " if sign in _FORBIDDEN or unicodedata.category(sign).startswith("C") else sign for sign in told)
    return f"{' '.join(plain.split())[:120].strip(' .')}.{ending}"


def _writable(value: object) -> object:
    """Leave out what no file may hold: control signs but breaks, halves of signs, and what is no sign at all."""
    match value:
        case str():
            return value if value.isprintable() else "".join(sign for sign in value if _is_writable(sign))
        case list():
            return [_writable(one) for one in value]
        case dict():
            return {key: _writable(one) for key, one in value.items()}
        case _:
            return value


def _is_writable(sign: str) -> bool:
    return sign in "\n\t" or (unicodedata.category(sign) not in {"Cc", "Cs"} and ord(sign) & 0xFFFE != _NO_SIGN)


def _foot(report: Report, writer: Writer) -> str:
    places = [
        f"{writer.say(*_LOGS[source])} {writer.whole(place.position)} · {place.chain_hash[:_SHORT]}"
        for source, place in report.stamp.as_of.items()
        if source in _LOGS
    ]
    return " · ".join(places)


def _closing(report: Report, writer: Writer) -> list[Block]:
    say, stamp = writer.say, report.stamp
    made = say(
        f"Rapporten gjordes {writer.moment(stamp.made)} med Stickprov {stamp.release} ur två loggar som ingen kan "
        f"ändra i efterhand. Vem som helst med behörighet kan göra om den ur samma platser i loggarna och få "
        "samma siffror.",
        f"The report was made on {writer.moment(stamp.made)} with Stickprov {stamp.release} from two logs that nobody "
        f"can change afterwards. Whoever is permitted can make it again from the same places in "
        "the logs, with the same figures.",
    )
    fields = [
        FormField(
            label=writer.say(*_LOGS.get(source, (source, source))),
            lines=[
                Paragraph(
                    text=say(f"Plats {writer.whole(place.position)}", f"Position {writer.whole(place.position)}")
                ),
                Paragraph(text=f"{say('kedja', 'chain')} {place.chain_hash}", tone="code"),
                *(
                    [Paragraph(text=f"{say('rot', 'root')} {stamp.roots[source]}", tone="code")]
                    if source in stamp.roots
                    else []
                ),
            ],
        )
        for source, place in stamp.as_of.items()
    ]
    again = FormField(label=say("Görs om med", "Made again by"), lines=[Paragraph(text=stamp.request, tone="code")])
    lost = _lost(report, writer)
    heading = Heading(level=1, text=say("Underlag", "What it was made from"))
    return [heading, Paragraph(text=made, tone="note"), *lost, Fields(fields=[*fields, again])]


def _lost(report: Report, writer: Writer) -> list[Paragraph]:
    found = []
    if report.stamp.erased:
        count = writer.whole(report.stamp.erased)
        found.append(writer.say(f"Raderade fritexter: {count}.", f"Erased free texts: {count}."))
    if report.stamp.altered:
        count = writer.whole(report.stamp.altered)
        found.append(
            writer.say(
                f"Fritexter som inte är de som loggen har fingeravtrycket av: {count}.",
                f"Free texts that are not those that the log has the fingerprint of: {count}.",
            )
        )
    return [Paragraph(text=text, tone="note") for text in found]
