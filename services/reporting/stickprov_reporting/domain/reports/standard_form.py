"""The standard form of a control, with its figures after it; one form may cover several control points.

What must not break: every field of the board's own form is there in its order, filled or said to be empty.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from stickprov_contracts.events.follow_ups import ControlConcluded
from stickprov_contracts.http.register import RegisterMeasure
from stickprov_contracts.http.reports import Block, Fields, FormField, Heading, Paragraph
from stickprov_reporting.domain.reports import figures, sentences
from stickprov_reporting.domain.reports.actions import said_of
from stickprov_reporting.domain.reports.answers import categories, questions
from stickprov_reporting.domain.reports.draft import Draft
from stickprov_reporting.domain.reports.material import Point, Words
from stickprov_reporting.domain.reports.registers import goals, register_measures
from stickprov_reporting.domain.reports.second_looks import agreement, file_review, losses
from stickprov_reporting.domain.reports.small_cells.note import about_small_numbers
from stickprov_reporting.domain.reports.withheld import is_withheld
from stickprov_reporting.domain.reports.writing import Writer

_VERDICTS: Final = {
    "followed": ("Av kontrollen framkommer att rutinen följs.", "The control shows that the routine is followed."),
    "partly-followed": (
        "Av kontrollen framkommer att rutinen följs delvis.",
        "The control shows that the routine is partly followed.",
    ),
    "not-followed": (
        "Av kontrollen framkommer att rutinen inte följs.",
        "The control shows that the routine is not followed.",
    ),
}
_PROPOSALS: Final = {
    "keep": ("Kontrollpunkten föreslås kvarstå.", "The control point is proposed to be kept."),
    "reformulate": (
        "Kontrollpunkten föreslås kvarstå med ny formulering.",
        "The control point is proposed to be kept with a new wording.",
    ),
    "retire": ("Kontrollpunkten föreslås utgå.", "The control point is proposed to be retired."),
}

_Lines = Callable[[Point], list[Paragraph]]


@dataclass(frozen=True, slots=True)
class Form:
    """What a standard form is made from.

    Attributes:
        points: in the order in which the form names them.
        start, end: the period, end excluded. today: when actions are late.
        registration: the plan's dnr, where all points are of one plan.
        small: numbers below it are left out of the points. any_left_out: whether there were any.
    """

    points: Sequence[Point]
    start: date
    end: date
    today: date
    words: Words
    registration: str | None = None
    small: int | None = None
    any_left_out: bool = False


def standard_form(form: Form, writer: Writer) -> Draft:
    """Return the document."""
    points, say = form.points, writer.say
    numbers = writer.listed([point.definition.number for point in points])
    boards = list(dict.fromkeys(point.definition.board for point in points))
    blocks: list[Block] = [Fields(fields=_fields(form, writer))]
    if form.small is not None:
        blocks += about_small_numbers(form.small, writer, any_left_out=form.any_left_out)
    for point in points:
        blocks += _figures(point, writer, alone=len(points) == 1)
    return Draft(
        title=say(f"Internkontrollmoment {numbers}", f"Internal control point {numbers}"),
        subtitle=writer.range(form.start, form.end),
        organisation=writer.listed(boards),
        registration=form.registration,
        blocks=blocks,
    )


def _fields(form: Form, writer: Writer) -> list[FormField]:
    say, last = writer.say, form.end - timedelta(days=1)
    told = _Teller(form, writer)
    numbers = writer.listed([point.definition.number for point in form.points])
    period = writer.days(form.start, last)
    fields = [
        FormField(label=say("Internkontrollmoment nr", "Internal control point no."), lines=_plain([numbers])),
        told.field(say("Internkontroll mått", "Measure"), lambda point: _plain([point.definition.measure])),
        told.field(say("Datum för genomförd kontroll", "Date of the control"), told.carried_out),
        FormField(label=say("Kontrollen avser tidsperiod", "Period covered"), lines=_plain([period])),
        told.field(say("Kontroll genomförd av", "Control carried out by"), told.text("carried_out_by")),
        told.field(say("Avser område/avdelning", "Area or department"), lambda point: _plain([point.definition.area])),
        told.field(say("Urvalsramens totala storlek (antal)", "Total size of the frame (number)"), told.frame),
        told.field(say("Urval (antal)", "Sample (number)"), told.sample),
        told.field(say("Metod för urval", "Method of selection"), told.method),
        told.field(say("Resultat", "Result"), told.result),
        told.field(say("Sammanfattning", "Summary"), told.summary),
        told.field(
            say(
                "Kommentar till utfall (möjliga risker och möjliga orsaker till utfallet)",
                "Comment on the outcome (possible risks and possible causes)",
            ),
            told.text("assessment"),
        ),
        told.field(
            say(
                "Förslag på åtgärder (ifylls endast vid avvikelser)",
                "Proposed actions (only where there are deviations)",
            ),
            told.actions,
        ),
    ]
    further = (
        (say("Process och rutin", "Process and routine"), told.text("process")),
        (say("System", "System"), told.text("system")),
        (say("Förslag om kontrollpunkten", "Proposal for the control point"), told.proposal),
    )
    return fields + [told.field(label, lines) for label, lines in further if told.has_any(lines)]


@dataclass(frozen=True, slots=True)
class _Teller:
    """Says the form's fields of each point."""

    form: Form
    writer: Writer

    def field(self, label: str, lines: _Lines) -> FormField:
        """Return a field: once where all points say the same, else a part for each point."""
        points = self.form.points
        found = [lines(point) for point in points]
        if all(one == found[0] for one in found):
            return FormField(label=label, lines=found[0] or self._empty())
        parts = []
        for point, part in zip(points, found, strict=True):
            first, *rest = part or self._empty()
            parts += [first.model_copy(update={"text": f"{self._name(point)}: {first.text}"}), *rest]
        return FormField(label=label, lines=parts)

    def has_any(self, lines: _Lines) -> bool:
        """Tell whether a field has something in it for any point."""
        return any(lines(point) for point in self.form.points)

    def text(self, name: str) -> _Lines:
        """Return what tells a free text of the conclusions."""
        return lambda point: self._of_conclusions(
            point, lambda event: self.form.words.paragraphs(event.texts.get(name))
        )

    def carried_out(self, point: Point) -> list[Paragraph]:
        def days(event: ControlConcluded) -> list[Paragraph]:
            first, last = event.carried_out_from, event.carried_out_to
            told = first or last
            return [] if told is None else _plain([self.writer.days(first or told, last or told)])

        return self._of_conclusions(point, days)

    def frame(self, point: Point) -> list[Paragraph]:
        """Say the frame's size; of a point that is only counted in registers, theirs."""
        if point.statistics.total.drawn or not point.register:
            sampled = bool(point.statistics.total.size)
            return _plain([sentences.frame_size(point.statistics, self.writer)]) if sampled else []
        sizes = [f"{self.writer.whole(measure.total.denominator)} ({measure.title})" for measure in point.register]
        return _plain(sizes)

    def sample(self, point: Point) -> list[Paragraph]:
        if point.statistics.total.drawn or not point.register:
            return _plain(sentences.sample_size(point.statistics, self.writer))
        return _plain(
            [self.writer.say("Inget urval: hela registret är räknat.", "No sample: the whole register was counted.")]
        )

    def method(self, point: Point) -> list[Paragraph]:
        return [*self.text("sampling_method")(point), *_plain(sentences.drawn_how(point.statistics, self.writer))]

    def result(self, point: Point) -> list[Paragraph]:
        counted = [f"{measure.title}: {_made_of(measure, self.writer)}" for measure in point.register]
        told = [*sentences.result(point.statistics, self.writer), *counted]
        return [*_plain(told), *self.text("result")(point)]

    def summary(self, point: Point) -> list[Paragraph]:
        def verdict(event: ControlConcluded) -> list[Paragraph]:
            told = _VERDICTS.get(event.verdict)
            return _plain([self.writer.say(*told) if told else event.verdict])

        sampled = _plain(
            [*sentences.against_tolerance(point.statistics, self.writer), *goals(point.register, self.writer)]
        )
        concluded = self._of_conclusions(point, verdict)
        if not concluded and sampled:
            concluded = _plain([self.writer.say("Ingen slutsats är dragen ännu.", "No conclusion has been drawn yet.")])
        return [*concluded, *sampled]

    def actions(self, point: Point) -> list[Paragraph]:
        written = self.text("proposed_actions")(point)
        return [*written, *said_of(point.actions, self.form.words, self.form.today, self.writer)]

    def proposal(self, point: Point) -> list[Paragraph]:
        def proposed(event: ControlConcluded) -> list[Paragraph]:
            if event.proposal is None:
                return []
            told = _PROPOSALS.get(event.proposal)
            wording = self.form.words.paragraphs(event.texts.get("wording"))
            return [*_plain([self.writer.say(*told) if told else event.proposal]), *wording]

        return self._of_conclusions(point, proposed)

    def _of_conclusions(self, point: Point, lines: Callable[[ControlConcluded], list[Paragraph]]) -> list[Paragraph]:
        """Return what each conclusion says, under its period where there are several."""
        told = [(event, lines(event)) for event in point.conclusions]
        if len(told) == 1:
            return told[0][1]
        parts: list[Paragraph] = []
        for event, found in told:
            if found:
                period = self.writer.range(event.period.start, event.period.end)
                first = found[0].model_copy(update={"text": f"{period[0].upper()}{period[1:]}: {found[0].text}"})
                parts += [first, *found[1:]]
        return parts

    def _name(self, point: Point) -> str:
        number = point.definition.number
        return self.writer.say(f"Internkontrollmoment {number}", f"Internal control point {number}")

    def _empty(self) -> list[Paragraph]:
        return [Paragraph(text=self.writer.say("Inte angivet.", "Not stated."), tone="note")]


def _figures(point: Point, writer: Writer, *, alone: bool) -> list[Block]:
    statistics, definition = point.statistics, point.definition
    unit = definition.unit_name or writer.say("ärenden", "cases")
    subunit = statistics.subunits.name if statistics.subunits else unit
    blocks = [
        *figures.overview(statistics, writer),
        *figures.by_month(statistics, writer),
        *figures.by_stratum(statistics, writer),
        *figures.by_unit(statistics, writer),
        *categories(statistics, writer),
        *questions(statistics.questions, subunit, unit, writer),
        *losses(statistics, writer),
        *agreement(statistics.agreement, writer),
        *file_review(statistics.file_review, unit, writer),
        *register_measures(point.register, writer),
    ]
    if not blocks:
        return []
    title = writer.say("Siffrorna", "The figures")
    if not alone:
        title = writer.say(f"Siffrorna för moment {definition.number}", f"The figures of point {definition.number}")
    return [Heading(level=1, text=title), *blocks]


def _made_of(measure: RegisterMeasure, writer: Writer) -> str:
    """Say a register measure's figure with what it is made of."""
    total = measure.total
    if is_withheld(total.numerator):
        return writer.say(
            f"visas inte, av {writer.whole(total.denominator)}.", f"not shown, of {writer.whole(total.denominator)}."
        )
    numerator, denominator = writer.number(total.numerator, 2), writer.whole(total.denominator)
    made = writer.say(f"{numerator} av {denominator}", f"{numerator} of {denominator}")
    if measure.kind == "sum":
        return writer.say(f"{numerator} ur {denominator}.", f"{numerator} from {denominator}.")
    return f"{writer.percent(total.value)} ({made})."


def _plain(texts: Sequence[str]) -> list[Paragraph]:
    return [Paragraph(text=text) for text in texts]
