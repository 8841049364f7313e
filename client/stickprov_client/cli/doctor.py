"""`stickprov doctor`: what is wrong with a stack, in words, and what to do about it; then setting a log going again."""

import asyncio

import typer
from rich.markup import escape

from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.diagnosis import Diagnosis, Finding, examine
from stickprov_client.cli.failure import CheckFailed
from stickprov_client.cli.heard import requeue, resume
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.quarantine import quarantine
from stickprov_client.cli.rebuilding import rebuild
from stickprov_client.cli.session import session_of

doctor = typer.Typer(invoke_without_command=True)
doctor.command("quarantine", epilog="Example: stickprov doctor quarantine reporting --position 17")(quarantine)
doctor.command("resume", epilog="Example: stickprov doctor resume reporting findings")(resume)
doctor.command("requeue", epilog="Example: stickprov doctor requeue reporting findings --position 17")(requeue)
doctor.command("rebuild", epilog="Example: stickprov doctor rebuild --look")(rebuild)


@doctor.callback(epilog="Example: stickprov doctor")
def check(context: typer.Context, as_json: AsJson = False) -> None:
    """Check a stack: addresses, services, your token, the logs. Say what is wrong and what to do."""
    if context.invoked_subcommand is not None:
        return
    session = session_of(context)
    findings = asyncio.run(examine(session))
    healthy = all(finding.ok for finding in findings)
    if as_json:
        print_json(Diagnosis(healthy=healthy, findings=findings))
    else:
        for finding in findings:
            _print(finding)
        verdict = session.say("All is well.") if healthy else session.say("Something is wrong; see → above.")
        stdout().print(f"\n[bold]{escape(verdict)}[/]")
    if not healthy:
        raise CheckFailed


def _print(finding: Finding) -> None:
    mark = "[green]✓[/]" if finding.ok else "[bold red]✗[/]"
    stdout().print(f"{mark} [bold]{escape(finding.what)}[/]  {escape(finding.detail)}")
    if finding.advice:
        stdout().print(f"  → {escape(finding.advice)}")
