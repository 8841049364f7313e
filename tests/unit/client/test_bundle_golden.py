"""A bundle that was made once must verify for ever: with the verifier of today, and with the one that lies in it."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import stickprov_client
from stickprov_client.bundle.verifying.command import given_from, main
from stickprov_client.bundle.verifying.verification import verify_bundle

SEEDS = Path(stickprov_client.__file__).parents[2] / "tests" / "seeds" / "bundles"
BUNDLE, KEYS, KEPT = SEEDS / "2021-Q1.zip", SEEDS / "2021-Q1.keys", SEEDS / "findings-40.note"

NO_BREAK = "\N{NO-BREAK SPACE}"


def test_the_verifier_of_today_verifies_a_bundle_of_long_ago():
    report = verify_bundle(BUNDLE, given_from([str(KEYS)], [str(KEPT)]))

    assert report.difference is None
    assert report.verdict == "verified"
    assert len([said for said in report.checks if said.text("en").startswith("Draw ")]) == 2


def test_the_verifier_in_a_bundle_of_long_ago_still_runs(tmp_path):
    with zipfile.ZipFile(BUNDLE) as archive:
        archive.extract("verify.py", tmp_path)

    ran = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "verify.py"), str(BUNDLE), "--key", str(KEYS), "--lang", "en"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[-1] == "✓ Verified."


@pytest.mark.parametrize(("language", "last"), [("sv", "✓ Kontrollerat: allt stämmer."), ("en", "✓ Verified.")])
def test_the_verdict_is_told_in_the_language_that_was_asked_for(language, last, capsys):
    code = main([str(BUNDLE), "--key", str(KEYS), "--lang", language])

    assert (code, capsys.readouterr().out.splitlines()[-1]) == (0, last)


@pytest.mark.parametrize(
    ("variable", "last"), [("sv_SE.UTF-8", "✓ Kontrollerat: allt stämmer."), ("en_GB.UTF-8", "✓ Verified.")]
)
def test_the_environment_decides_the_language_otherwise(variable, last, capsys, monkeypatch):
    monkeypatch.setenv("LANG", variable)

    main([str(BUNDLE)])

    assert capsys.readouterr().out.splitlines()[-1] == last


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([str(SEEDS / "none.zip")], "none.zip går inte att läsa: filen finns inte.\n"),
        ([str(SEEDS)], "bundles går inte att läsa: det är en mapp.\n"),
        ([str(KEPT)], "Filen är inget revisionspaket: den är inget zip-arkiv.\n"),
        ([str(BUNDLE), "--key", "gibberish"], "det är ingen publik nyckel till en logg, och ingen fil med sådana.\n"),
        ([str(BUNDLE), "--checkpoint", str(KEYS)], "2021-Q1.keys: filen är ingen kontrollpunkt.\n"),
        ([str(BUNDLE), "--checkpoint", "none.note"], "--checkpoint none.note: filen finns inte.\n"),
    ],
)
def test_a_question_that_cannot_be_answered_ends_with_code_2_in_the_readers_language(words, said, capsys):
    code = main([*words, "--lang", "sv"])

    assert code == 2
    assert capsys.readouterr().err.endswith(said)


def test_in_swedish_no_name_of_a_design_or_of_a_figure_is_english(capsys):
    main([str(BUNDLE), "--lang", "sv"])

    told = capsys.readouterr().out
    assert "(obundet slumpmässigt urval, N = 40)" in told
    assert "dragningar › period › benämning" in told
    assert f"72{NO_BREAK}732 byte" in told
    assert not re.search(r"\w\.\w+\.(label|sv|en|lower|upper)\b", told)


def test_a_line_about_a_log_begins_with_a_capital(capsys):
    main([str(BUNDLE), "--checkpoint", str(KEPT), "--lang", "sv"])

    assert "✓ Granskningens logg fortsätter på kontrollpunkten med 40 händelser" in capsys.readouterr().out
