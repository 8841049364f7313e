"""The follow-up of actions, as the board's document has it: the finding, the action, what the review shows of it."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from stickprov_contracts.http.reports import Block, Fields, FormField, Heading, Paragraph
from stickprov_reporting.domain.reports.draft import Draft
from stickprov_reporting.domain.reports.material import Action, Chronicle, Words
from stickprov_reporting.domain.reports.tables import Cells, Column, table, words
from stickprov_reporting.domain.reports.writing import Writer

_STATUSES: Final = {
    "proposed": ("Föreslagen", "Proposed"),
    "decided": ("Beslutad", "Decided"),
    "under-way": ("Pågående", "Under way"),
    "done": ("Genomförd", "Done"),
    "dropped": ("Utgår", "Dropped"),
}
_EFFECTS: Final = {
    "yes": ("Åtgärden har haft avsedd effekt.", "The action has had its effect."),
    "partly": ("Åtgärden har delvis haft avsedd effekt.", "The action has partly had its effect."),
    "no": ("Åtgärden har inte haft avsedd effekt.", "The action has not had its effect."),
}


def follow_up(
    chosen: Sequence[Action], chronicle: Chronicle, texts: Words, today: date, writer: Writer, *, scope: str
) -> Draft:
    """Return the document.

    Args:
        chosen: the actions, in the order of the document.
        chronicle: whose definitions and conclusions the actions came of.
        texts: their words.
        today: the day on which an action is late.
        writer: of the document's language.
        scope: what the actions were chosen by, such as a plan's id.
    """
    say = writer.say
    points = [chronicle.definitions.get(action.terms.control_point or "") for action in chosen]
    boards = [point.board for point in points if point]
    blocks: list[Block] = []
    if not chosen:
        blocks.append(Paragraph(text=say("Inga åtgärder är föreslagna.", "No actions have been proposed.")))
    else:
        blocks += [_summary(chosen, today, writer), *_each(chosen, chronicle, texts, today, writer)]
    return Draft(
        title=say("Uppföljning av åtgärder", "Follow-up of actions"),
        subtitle=scope,
        organisation=writer.listed(list(dict.fromkeys(boards))),
        registration=_registration(chosen, chronicle),
        blocks=blocks,
    )


def said_of(actions: Sequence[Action], texts: Words, today: date, writer: Writer) -> list[Paragraph]:
    """Return one paragraph for each action, for the field of a form: what, who, until when, how it stands."""
    found = []
    for action in actions:
        facts = [
            fact
            for fact in (_responsible(action, writer), _due(action, writer), _status(action, today, writer))
            if fact
        ]
        first, *rest = texts.paragraphs(action.terms.description) or [Paragraph(text="")]
        ending = f" ({'; '.join(facts)})"
        last = rest[-1] if rest else first
        told = last.model_copy(update={"text": f"{last.text}{ending}".strip()})
        found += [*([first, *rest[:-1]] if rest else []), told]
    return found


def status_name(status: str, writer: Writer) -> str:
    """Return what an action's status is called; a newer one stands as it is."""
    return writer.say(*_STATUSES[status]) if status in _STATUSES else status


def _summary(chosen: Sequence[Action], today: date, writer: Writer) -> Block:
    cells, say = Cells(writer), writer.say
    rows = [(status_name(status, writer), sum(action.status == status for action in chosen)) for status in _STATUSES]
    rows = [row for row in rows if row[1]]
    late = sum(action.is_late(today) for action in chosen)
    columns: list[Column[tuple[str, int]]] = [
        Column(say("Status", "Status"), lambda row: words(row[0])),
        Column(say("Antal", "Count"), lambda row: cells.count(row[1])),
    ]
    caption = say("Åtgärdernas status", "Status of the actions")
    if late:
        caption += say(f" (varav försenade: {writer.whole(late)})", f" (late: {writer.whole(late)})")
    return table(caption, columns, [*rows, (say("Alla", "All"), len(chosen))], totals=1)


def _each(chosen: Sequence[Action], chronicle: Chronicle, texts: Words, today: date, writer: Writer) -> list[Block]:
    blocks: list[Block] = []
    for place, action in enumerate(chosen, 1):
        blocks.append(Heading(level=1, text=_heading(place, action, chronicle, writer)))
        blocks.append(Fields(fields=_fields(action, chronicle, texts, today, writer)))
    return blocks


def _heading(place: int, action: Action, chronicle: Chronicle, writer: Writer) -> str:
    point = chronicle.definitions.get(action.terms.control_point or "")
    number = action.terms.number or str(place)
    about = point.measure if point else writer.say("Åtgärd", "Action")
    return f"{number}. {about}"


def _fields(action: Action, chronicle: Chronicle, texts: Words, today: date, writer: Writer) -> list[FormField]:
    say, terms = writer.say, action.terms
    finding = _finding(action, chronicle, texts)
    status = [Paragraph(text=_status(action, today, writer))]
    responsible = _responsible(action, writer) or say("Inte angivet", "Not stated")
    due = writer.day(terms.due) if terms.due else say("Inte angivet", "Not stated")
    fields = [
        FormField(label=say("Vid granskningen framkom", "What the control found"), lines=finding),
        FormField(label=say("Åtgärd", "Action"), lines=texts.paragraphs(terms.description)),
        FormField(label=say("Ansvarig", "Responsible"), lines=[Paragraph(text=responsible)]),
        FormField(label=say("Klar senast", "Due"), lines=[Paragraph(text=due)]),
        FormField(label=say("Status", "Status"), lines=status),
        FormField(label=say("Granskningen visar", "The review shows"), lines=_shown(action, texts, writer)),
    ]
    return [field for field in fields if field.lines]


def _finding(action: Action, chronicle: Chronicle, texts: Words) -> list[Paragraph]:
    """Return the result of the newest conclusion of the action's control; nothing where there is none."""
    if action.terms.control_point is None:
        return []
    conclusions = chronicle.conclusions_of(action.terms.control_point)
    told = [conclusion.texts["result"] for conclusion in conclusions if "result" in conclusion.texts]
    return texts.paragraphs(told[-1]) if told else []


def _shown(action: Action, texts: Words, writer: Writer) -> list[Paragraph]:
    shown: list[Paragraph] = []
    for step in action.follow_ups:
        period = writer.range(step.period.start, step.period.end)
        effect = f" {writer.say(*_EFFECTS[step.effect])}" if step.effect in _EFFECTS else ""
        first, *rest = texts.paragraphs(step.finding) or [Paragraph(text="")]
        status = status_name(step.status, writer)
        shown.append(
            first.model_copy(
                update={"text": f"{period[0].upper()}{period[1:]}, {status.lower()}: {first.text}{effect}".strip()}
            )
        )
        shown += rest
    return shown or [Paragraph(text=writer.say("Inte följd upp ännu.", "Not followed up yet."), tone="note")]


def _responsible(action: Action, writer: Writer) -> str:
    """Return the function; a person is a pseudonym here, and stands for nobody else."""
    if action.terms.responsible:
        return action.terms.responsible
    return writer.say("utsedd person", "an appointed person") if action.terms.owner else ""


def _due(action: Action, writer: Writer) -> str:
    if action.terms.due is None:
        return ""
    return writer.say(f"klar senast {writer.day(action.terms.due)}", f"due {writer.day(action.terms.due)}")


def _status(action: Action, today: date, writer: Writer) -> str:
    status = status_name(action.status, writer)
    return f"{status}, {writer.say('försenad', 'late')}" if action.is_late(today) else status


def _registration(chosen: Sequence[Action], chronicle: Chronicle) -> str | None:
    """Return the dnr of the plan that all actions belong to, if there is one."""
    plans = {chronicle.plan_of(action) for action in chosen}
    plan = plans.pop() if len(plans) == 1 else None
    adopted = chronicle.plan(plan) if plan else None
    return adopted.dnr if adopted else None
