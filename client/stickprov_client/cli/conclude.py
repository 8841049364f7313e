"""`stickprov conclude`: what a control says for a period, in the standard form's terms."""

from pathlib import Path
from typing import Annotated

import typer

from stickprov_client.cli.calling import call
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.facts import facts_table
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.option_values import checked
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import Session, session_of
from stickprov_client.documents.yaml_document import read_document
from stickprov_client.language.follow_ups import FORM_TEXTS, PROPOSALS, VERDICTS, named
from stickprov_client.language.numbers import NOTHING
from stickprov_contracts.http.follow_ups import ConcludeControl, Conclusion


def conclude(
    context: typer.Context,
    control_point: Annotated[str, typer.Argument(metavar="CONTROL_POINT", help="Its id, such as AMF-2021-3.")],
    period: Annotated[str | None, typer.Option("--period", help="2021-Q1, 2021-T1, 2021-03 or 2021.")] = None,
    verdict: Annotated[str | None, typer.Option("--verdict", help="followed, partly-followed or not-followed.")] = None,
    proposal: Annotated[str | None, typer.Option("--proposal", help="keep, reformulate or retire.")] = None,
    result: Annotated[str | None, typer.Option("--result", help="What was found, beside the figures.")] = None,
    form: Annotated[Path | None, typer.Option("--form", help="YAML file with any fields of the standard form.")] = None,
    replaces: Annotated[
        int | None, typer.Option("--replaces", help="Version of the conclusion that this one replaces.")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why it is replaced.")] = None,
    as_json: AsJson = False,
) -> None:
    """Conclude a control for a period, or, with nothing but the control point, show what has been concluded.

    The form's fields are carried_out_from, carried_out_to, carried_out_by, sampling_method, result, assessment,
    proposed_actions, process, system and wording. An option goes before the form's field.
    """
    session = session_of(context)
    options = {
        "period": period,
        "verdict": verdict,
        "proposal": proposal,
        "result": result,
        "reason": reason,
    }
    given = {name: value for name, value in options.items() if value is not None}
    if not given and form is None:
        _show(session, control_point, as_json)
        return
    asked = _asked(control_point, given, form)
    kept = call(session, lambda services: services.follow_ups.conclude(asked, version=replaces))
    if as_json:
        print_json(kept)
        return
    line = session.say("{point} is concluded for {period}, version {version}.")
    stdout().print(line.format(point=control_point, period=asked.period, version=kept.version))


def _asked(control_point: str, given: dict[str, str], form: Path | None) -> ConcludeControl:
    if form is None:
        missing = [name for name in ("period", "verdict") if name not in given]
        if missing:
            raise BadInput(faults=[(f"--{name}", "give this option too.") for name in missing])
        return checked(ConcludeControl, given | {"control_point": control_point})
    document = read_document(form)
    content = document.content if isinstance(document.content, dict) else {}
    return document.checked(ConcludeControl, content | given | {"control_point": control_point})


def _show(session: Session, control_point: str, as_json: bool) -> None:
    found = call(session, lambda services: services.follow_ups.conclusions(control_point))
    if as_json:
        print_json(found)
        return
    if not found:
        stdout().print(session.say("Nothing has been concluded yet."))
    for conclusion in found:
        stdout().print(facts_table(_facts(session, conclusion)))
        stdout().print()


def _facts(session: Session, one: Conclusion) -> list[tuple[str, str]]:
    say, language = session.say, session.language
    days = " – ".join(str(day) for day in (one.carried_out_from, one.carried_out_to) if day)
    facts = [
        (say("Period"), one.period.label),
        (say("Verdict"), named(one.verdict, language, VERDICTS)),
        (say("Carried out"), days or NOTHING),
        *((say(name), getattr(one, field)) for field, name in FORM_TEXTS.items() if getattr(one, field)),
        (say("Version"), str(one.version)),
    ]
    if one.proposal:
        facts.insert(2, (say("Proposal"), named(one.proposal, language, PROPOSALS)))
    return facts
