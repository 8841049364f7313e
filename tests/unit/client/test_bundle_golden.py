"""A bundle that was made once must verify for ever: with the verifier of today, and with the one that lies in it."""

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
        ([str(SEEDS / "none.zip")], "cannot be read: No such file or directory"),
        ([str(BUNDLE), "--key", "gibberish"], "--key gibberish: "),
        ([str(BUNDLE), "--checkpoint", str(KEYS)], "--checkpoint"),
    ],
)
def test_a_question_that_cannot_be_answered_ends_with_code_2(words, said, capsys):
    code = main([*words, "--lang", "en"])

    assert code == 2
    assert said in capsys.readouterr().err
