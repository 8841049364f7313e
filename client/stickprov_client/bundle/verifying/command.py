"""The verifier as a program of its own: ``python verify.py BUNDLE``. No server, no network.

Exit code 0: verified, or pending where a seed is secret still. 1: something is wrong, and named. 2: the question is.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from stickprov_client.bundle.verifying.archive import NoBundle
from stickprov_client.bundle.verifying.logs import KeptCheckpoint
from stickprov_client.bundle.verifying.notes import NoteError, VerifierKey, read_checkpoint, read_keys, read_note
from stickprov_client.bundle.verifying.told import Report, Said, Sentence, Spoken, unreadable
from stickprov_client.bundle.verifying.verification import FromElsewhere, verify_bundle

HELD: Final = "✓"
WRONG: Final = "✗"
NOTED: Final = "·"

WHOLE: Final = Sentence("Verified.", "Kontrollerat: allt stämmer.")
STILL_SECRET: Final = Sentence(
    "Everything that can be checked holds. Draws that wait for their secret seeds: %(count)s.",
    "Allt som kan kontrolleras stämmer. Dragningar som väntar på sina hemliga frön: %(count)s.",
)
NOT_WHOLE: Final = Sentence("Different. The first thing that is wrong:", "Avvikelse. Det första som är fel:")
NOT_GIVEN: Final = Sentence("%(what)s: %(why)s.", "%(what)s: %(why)s.")
NO_KEYS: Final = Sentence(
    "it is no public key of a log, nor a file of them",
    "det är ingen publik nyckel till en logg, och ingen fil med sådana",
)
NO_CHECKPOINT_FILE: Final = Sentence("the file is no checkpoint", "filen är ingen kontrollpunkt")
NO_FILE: Final = Sentence("%(file)s cannot be read: %(why)s.", "%(file)s går inte att läsa: %(why)s.")
NOTES: Final = Sentence("Not checked, or believed:", "Inte kontrollerat, eller godtaget på någons ord:")


class WrongQuestion(Exception):  # noqa: N818 - says the situation
    """What was given to verify with cannot be used."""

    def __init__(self, said: Said) -> None:
        self.said = said
        super().__init__(said.text("en"))


def given_from(keys: Iterable[str], checkpoints: Iterable[str]) -> FromElsewhere:
    """Return the keys, each a verifier key or a file of them, and the checkpoints in files.

    Raises:
        WrongQuestion: one of them is none, or a file cannot be read.
    """
    trusted: list[VerifierKey] = []
    for one in keys:
        try:
            text = one if _is_key(one) else Path(one).read_text(encoding="utf-8")
            trusted += read_keys(text)
        except (NoteError, OSError, UnicodeDecodeError):
            raise WrongQuestion(Said(NOT_GIVEN, {"what": f"--key {one}", "why": NO_KEYS})) from None
    kept = []
    for file in checkpoints:
        try:
            note = read_note(Path(file).read_bytes())
            kept.append(KeptCheckpoint(file, read_checkpoint(note), note))
        except OSError as error:
            raise WrongQuestion(Said(NOT_GIVEN, {"what": f"--checkpoint {file}", "why": unreadable(error)})) from None
        except NoteError:
            raise WrongQuestion(Said(NOT_GIVEN, {"what": f"--checkpoint {file}", "why": NO_CHECKPOINT_FILE})) from None
    return FromElsewhere(trusted, kept)


def report_lines(report: Report, language: Spoken) -> list[tuple[str, str]]:
    """Return a report line by line, each with its mark: what held, what is noted, and the verdict last."""
    lines = [(HELD, said.text(language)) for said in report.checks]
    if report.notes:
        lines.append(("", Said(NOTES, {}).text(language)))
        lines += [(NOTED, said.text(language)) for said in report.notes]
    if report.difference is not None:
        lines.append(("", Said(NOT_WHOLE, {}).text(language)))
        lines.append((WRONG, report.difference.text(language)))
    elif report.pending:
        lines.append((HELD, Said(STILL_SECRET, {"count": report.pending}).text(language)))
    else:
        lines.append((HELD, Said(WHOLE, {}).text(language)))
    return lines


def report_json(report: Report) -> dict[str, Any]:
    """Return a report as JSON, every sentence in both languages."""
    return {
        "verdict": report.verdict,
        "first_difference": None if report.difference is None else _both(report.difference),
        "checks": [_both(said) for said in report.checks],
        "notes": [_both(said) for said in report.notes],
        "pending_draws": report.pending,
    }


def language_from(chosen: str | None) -> Spoken:
    """Return the language that was chosen, else LANG's, else Swedish."""
    return "en" if (chosen or os.environ.get("LANG", "")).lower().startswith("en") else "sv"


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a bundle and print what was found."""
    parser = argparse.ArgumentParser(
        description="Verify a Stickprov bundle. / Kontrollera ett revisionspaket från Stickprov."
    )
    parser.add_argument("bundle", help="the bundle / paketet")
    parser.add_argument("--key", action="append", default=[], help="a trusted key, or a file of keys / betrodd nyckel")
    parser.add_argument("--checkpoint", action="append", default=[], help="a kept checkpoint / sparad kontrollpunkt")
    parser.add_argument("--json", action="store_true", help="print JSON / skriv JSON")
    parser.add_argument("--lang", choices=("sv", "en"), help="language / språk")
    told = parser.parse_args(arguments)
    language = language_from(told.lang)
    try:
        report = verify_bundle(Path(told.bundle), given_from(told.key, told.checkpoint))
    except (WrongQuestion, NoBundle) as wrong:
        return _refused(wrong.said, language)
    except OSError as error:
        return _refused(Said(NO_FILE, {"file": told.bundle, "why": unreadable(error)}), language)
    if told.json:
        _print(json.dumps(report_json(report), ensure_ascii=False, indent=2))
    else:
        for mark, text in report_lines(report, language):
            _print(f"{mark} {text}" if mark else text)
    return 0 if report.difference is None else 1


def _is_key(text: str) -> bool:
    return text.count("+") >= 2 and not Path(text).exists()  # noqa: PLR2004 - name, id and key


def _both(said: Said) -> dict[str, str]:
    return {"sv": said.text("sv"), "en": said.text("en")}


def _refused(said: Said, language: Spoken) -> int:
    sys.stderr.write(said.text(language) + "\n")
    return 2


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
