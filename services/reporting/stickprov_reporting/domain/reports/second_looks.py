"""What was left out of the review, and what was looked at twice: losses, agreement, file review."""

from stickprov_contracts.http.reports import Block, Heading, Paragraph
from stickprov_contracts.http.statistics import Agreement, FileReviewStatistics, ReasonCount, Statistics
from stickprov_reporting.domain.reports.answers import questions
from stickprov_reporting.domain.reports.tables import Cells, Column, table, words
from stickprov_reporting.domain.reports.writing import Writer


def losses(statistics: Statistics, writer: Writer) -> list[Block]:
    """Return over-coverage and non-response by reason; nothing where nothing was left out."""
    reasons = [reason for reason in statistics.reasons if reason.count]
    if not reasons:
        return []
    cells, say = Cells(writer), writer.say
    subunit = statistics.subunits.name if statistics.subunits else ""
    title = say("Övertäckning och bortfall", "Over-coverage and non-response")
    caption = say("Antal efter skäl", "Counts by reason")

    def counted(row: ReasonCount) -> str:
        return subunit if row.level == "subunit" else statistics.unit_name

    def kind(row: ReasonCount) -> str:
        over = row.outcome == "over-coverage"
        return say("Övertäckning", "Over-coverage") if over else say("Bortfall", "Non-response")

    ordered = sorted(reasons, key=lambda row: (row.outcome == "non-response", row.level, -row.count))
    columns: list[Column[ReasonCount]] = [
        Column(say("Slag", "Kind"), lambda row: words(kind(row))),
        Column(say("Skäl", "Reason"), lambda row: words(writer.say(row.sv, row.en))),
        Column(say("Räknat i", "Counted in"), lambda row: words(counted(row))),
        Column(say("Antal", "Count"), lambda row: cells.count(row.count)),
    ]
    note = say(
        "Övertäckning är det som drogs men inte borde ha funnits i urvalsramen. Bortfall hör till kontrollen men kunde "
        "inte granskas. Inget av dem räknas som granskat.",
        "Over-coverage was drawn but should not have been in the frame. Non-response belongs to the control but could "
        "not be reviewed. Neither counts as reviewed.",
    )
    return [Heading(level=2, text=title), table(caption, columns, ordered), Paragraph(text=note, tone="note")]


def agreement(found: Agreement | None, writer: Writer) -> list[Block]:
    """Return how first and second reviewer agreed; nothing where nobody reviewed twice."""
    if found is None or not found.both:
        return []
    cells, say = Cells(writer), writer.say
    title = say("Överensstämmelse mellan granskare", "Agreement between reviewers")
    rows = [
        (say("Anmärkning av båda", "A remark by both"), found.both_remarked),
        (say("Anmärkning av den första enbart", "A remark by the first alone"), found.first_only),
        (say("Anmärkning av den andra enbart", "A remark by the second alone"), found.second_only),
        (say("Ingen anmärkning av någon", "A remark by neither"), found.neither),
        (say("Granskade av två", "Reviewed by two"), found.both),
    ]
    columns: list[Column[tuple[str, int]]] = [
        Column(say("Utfall", "Outcome"), lambda row: words(row[0])),
        Column(say("Antal", "Count"), lambda row: cells.count(row[1])),
    ]
    kappa = ""
    if found.kappa is not None:
        value = writer.number(found.kappa, 2)
        kappa = say(
            f" Cohens kappa, som räknar bort slumpen, är {value}.",
            f" Cohen's kappa, which discounts chance, is {value}.",
        )
    text = say(
        f"Två granskare, som inte såg varandras svar, kom till samma utfall i {writer.share(found.agreed)}.{kappa} "
        f"Av de skilda bedömningarna har {writer.whole(found.settled)} avgjorts.",
        f"Two reviewers, who did not see each other's answers, came to the same outcome in "
        f"{writer.share(found.agreed)}.{kappa} Of the disagreements, {writer.whole(found.settled)} have been settled.",
    )
    return [Heading(level=2, text=title), Paragraph(text=text), table(title, columns, rows, totals=1)]


def file_review(found: FileReviewStatistics | None, unit: str, writer: Writer) -> list[Block]:
    """Return what came of looking into the cases with a remark again; nothing where none was looked into."""
    if found is None or not found.reviewed:
        return []
    say, whole = writer.say, writer.whole
    text = say(
        f"Av {whole(found.due)} {unit} med anmärkning har {whole(found.reviewed)} granskats i akten. "
        f"{writer.share(found.remark_share)} av dem fick en anmärkning även då.",
        f"Of {whole(found.due)} {unit} with a remark, {whole(found.reviewed)} were looked into again. "
        f"{writer.share(found.remark_share)} of them had a remark then too.",
    )
    title = say("Aktgranskning av ärenden med anmärkning", "File review of cases with a remark")
    asked = questions(found.questions, unit, unit, writer)
    return [Heading(level=2, text=title), Paragraph(text=text), *asked[1:]]
