"""The `stickprov` command."""

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final

import typer

from stickprov_client.api import ClientError
from stickprov_client.cli import bundle, draw_steps, findings_files, review_marks, review_show, reviewing, stack
from stickprov_client.cli.action import action
from stickprov_client.cli.assign import assign
from stickprov_client.cli.audit import audit
from stickprov_client.cli.backup import backup
from stickprov_client.cli.checkpoint import checkpoint
from stickprov_client.cli.conclude import conclude
from stickprov_client.cli.consistency import consistency
from stickprov_client.cli.console import stdout
from stickprov_client.cli.demo import demo
from stickprov_client.cli.doctor import doctor
from stickprov_client.cli.erase import erase
from stickprov_client.cli.erase_hold import hold
from stickprov_client.cli.failure import BadInput, CheckFailed, Exit
from stickprov_client.cli.failure import report as say_what_failed
from stickprov_client.cli.frame import frame
from stickprov_client.cli.helping import language_asked, language_of_environment
from stickprov_client.cli.login import login, logout
from stickprov_client.cli.measure import measure
from stickprov_client.cli.own_logs import log
from stickprov_client.cli.period import period
from stickprov_client.cli.plan import plan
from stickprov_client.cli.plan_size import plan_size
from stickprov_client.cli.plan_status import report_status, show_status
from stickprov_client.cli.proof import proof
from stickprov_client.cli.questionnaire import questionnaire
from stickprov_client.cli.report import report
from stickprov_client.cli.review_progress import progress
from stickprov_client.cli.schedule import schedule
from stickprov_client.cli.session import DEFAULT_URL, Session
from stickprov_client.cli.speaking import SpeakingGroup
from stickprov_client.cli.staff import staff
from stickprov_client.cli.statistics import stats
from stickprov_client.cli.traced import trace_to
from stickprov_client.documents.faults import BadFile
from stickprov_client.language.translations import Language

app = typer.Typer(
    name="stickprov",
    cls=SpeakingGroup,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Internal control on case samples: frames, draws, findings, statistics.",
    epilog="Example: stickprov stats AMF-2021-3 --period 2021-Q1",
)

_PASS_ON: Final = {"allow_extra_args": True, "ignore_unknown_options": True}

_A_REVIEW: Final = "AMF-2021-3/3fa9c2d1"

app.command("up", context_settings=_PASS_ON, epilog="Example: stickprov up --data .stickprov --port 8800")(stack.up)
app.command("demo", epilog="Example: stickprov demo --keep-running yes")(demo)
app.command("login", epilog="Example: stickprov login --as coordinator")(login)
app.command("logout", epilog="Example: stickprov logout")(logout)
plan.command("report", epilog="Example: stickprov plan report AFN-2022 AFN-2022-1 --period 2022-T1 --status done")(
    report_status
)
plan.command("status", epilog="Example: stickprov plan status AFN-2022")(show_status)
app.add_typer(plan, name="plan")
app.add_typer(period, name="period")
app.add_typer(questionnaire, name="questionnaire")
app.add_typer(staff, name="staff")
app.add_typer(frame, name="frame")
app.add_typer(draw_steps.draw, name="draw")
app.command("plan-size", epilog="Example: stickprov plan-size --frame-size 222 --tolerable 5% --confidence 95%")(
    plan_size
)
app.add_typer(measure, name="measure")
app.add_typer(schedule, name="schedule")
app.add_typer(assign, name="assign")
app.command("progress", epilog="Example: stickprov progress --by reviewer --overdue-days 30")(progress)
app.command("queue", epilog="Example: stickprov queue --status waiting")(reviewing.queue)
app.command("next", epilog="Example: stickprov next --point AMF-2021-3 --template svar.yaml")(reviewing.next_case)
app.command("show", epilog=f"Example: stickprov show {_A_REVIEW}")(review_show.show)
app.command("start", epilog=f"Example: stickprov start {_A_REVIEW}")(review_marks.start)
app.command("submit", epilog=f"Example: stickprov submit {_A_REVIEW} --answer plan=yes --answer uppdaterad=2021-03-01")(
    reviewing.submit
)
app.command(
    "correct", epilog=f'Example: stickprov correct {_A_REVIEW} --answer plan=no --reason "Read the wrong month"'
)(reviewing.correct)
app.command("withdraw", epilog=f'Example: stickprov withdraw {_A_REVIEW} --reason "Wrong case"')(reviewing.withdraw)
app.command("over-coverage", epilog=f"Example: stickprov over-coverage {_A_REVIEW} --reason closed-before")(
    review_marks.over_coverage
)
app.command("non-response", epilog=f"Example: stickprov non-response {_A_REVIEW} --reason file-missing")(
    review_marks.non_response
)
app.command("reopen", epilog=f'Example: stickprov reopen {_A_REVIEW} --reason "The file was found"')(
    review_marks.reopen
)
app.command("import-findings", epilog="Example: stickprov import-findings svar.xlsx --point AMF-2021-1 --dry-run")(
    findings_files.import_findings
)
app.command("export-findings", epilog="Example: stickprov export-findings --point AMF-2021-1 --out mina.xlsx")(
    findings_files.export_findings
)
app.command("conclude", epilog="Example: stickprov conclude AMF-2021-3 --period 2021-Q1 --verdict followed")(conclude)
app.add_typer(action, name="action")
app.command("stats", epilog="Example: stickprov stats AMF-2021-3 --from 2021-01-01 --to 2021-04-01")(stats)
app.add_typer(report, name="report")
audit.command("checkpoint", epilog="Example: stickprov audit checkpoint findings --make --save findings.note")(
    checkpoint
)
audit.command("consistency", epilog="Example: stickprov audit consistency january.note june.note")(consistency)
audit.command("proof", epilog="Example: stickprov audit proof findings 12 --save 12.tlog-proof")(proof)
audit.command("log", epilog="Example: stickprov audit log findings")(log)
audit.command("export", epilog="Example: stickprov audit export --period 2021-Q1 --out 2021-Q1.zip")(bundle.export)
audit.command("verify", epilog="Example: stickprov audit verify 2021-Q1.zip --key keys.txt --checkpoint january.note")(
    bundle.verify
)
app.add_typer(audit, name="audit")
erase.add_typer(hold, name="hold")
app.add_typer(erase, name="erase")
app.add_typer(doctor, name="doctor")
app.add_typer(backup, name="backup")


def _print_version(wanted: bool) -> None:
    if wanted:
        stdout().print(f"stickprov {version('stickprov')}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    url: Annotated[str, typer.Option("--url", envvar="STICKPROV_URL", help="The stack's one address.")] = DEFAULT_URL,
    language: Annotated[
        Language | None,
        typer.Option(
            "--lang", envvar="STICKPROV_LANG", help="Language of answers and help; else LANG decides, else sv."
        ),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option("--token-file", envvar="STICKPROV_TOKEN_FILE", help="File with your token; else login's."),
    ] = None,
    traces_endpoint: Annotated[
        str | None,
        typer.Option(
            "--traces-endpoint",
            envvar="STICKPROV_TRACES_ENDPOINT",
            help="OTLP/HTTP collector to send traces to; else none.",
        ),
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options that stand before the command."""
    chosen = language or language_of_environment()
    trace = trace_to(traces_endpoint)
    if trace is not None:
        context.call_on_close(trace.close)
    context.obj = Session(url=url.rstrip("/"), language=chosen, token_file=token_file, trace=trace)


def run() -> None:
    """Run the command line; every failure becomes words on stderr and an exit code."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has seen enough, such as ``head``; the interpreter must not flush into the void.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.FAILED)
    except (ClientError, BadInput, BadFile, CheckFailed) as error:
        sys.exit(say_what_failed(error, language_asked(sys.argv[1:])))
