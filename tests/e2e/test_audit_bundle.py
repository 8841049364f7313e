"""A period as one file: made by the command on a whole stack, checked in an empty folder by the program inside it."""

import json
import re
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest

from stickprov_client.demo.register import COLUMNS, ENCODING, register_file

PAID = date(2021, 1, 25)
POINT = "AMF-2021-3"


@pytest.fixture(scope="module")
def bundle(played_stack, tmp_path_factory):
    """The first quarter of 2021 of the demonstration."""
    file = tmp_path_factory.mktemp("bundle") / "2021-Q1.zip"
    ran = played_stack.stickprov("audit", "export", "--period", "2021-Q1", "--out", str(file), who="auditor")
    assert ran.returncode == 0, ran.stderr
    return file


def alone(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the verifier that lies in a folder, isolated from everything else there is."""
    return subprocess.run(
        [sys.executable, "-I", "verify.py", *words], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )


def test_a_bundle_of_the_demonstration_verifies(played_stack, bundle):
    ran = played_stack.stickprov("audit", "verify", str(bundle), "--json")

    assert ran.returncode == 0, ran.stdout
    told = json.loads(ran.stdout)
    assert told["verdict"] == "verified"
    assert [one["en"] for one in told["checks"] if one["en"].startswith(f"The statistic of {POINT}")]


def test_the_program_inside_the_bundle_verifies_it_in_an_empty_folder(bundle, tmp_path):
    # given: a folder with nothing but the bundle and the program in it
    file = tmp_path / "bundle.zip"
    file.write_bytes(bundle.read_bytes())
    with zipfile.ZipFile(bundle) as archive:
        archive.extract("verify.py", tmp_path)

    # when
    ran = alone(tmp_path, "bundle.zip", "--lang", "sv")

    # then
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == "✓ Kontrollerat: allt stämmer."
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle.zip", "verify.py"]


def test_keys_and_checkpoints_that_were_kept_are_held_against_the_bundle(played_stack, bundle, tmp_path):
    # given: what an auditor got from the stack at another time
    kept = tmp_path / "sampler.note"
    ran = played_stack.stickprov("audit", "checkpoint", "sampler", "--save", str(kept), who="auditor")
    assert ran.returncode == 0, ran.stderr

    # when
    keys = str(played_stack.data / "keys" / "checkpoints.keys")
    ran = played_stack.stickprov("audit", "verify", str(bundle), "--key", keys, "--checkpoint", str(kept), "--json")

    # then
    told = json.loads(ran.stdout)
    assert told["verdict"] == "verified"
    assert [one["en"] for one in told["checks"] if str(kept) in one["en"]]
    assert not [one["en"] for one in told["notes"] if "bundle's own keys were believed" in one["en"]]


def test_a_bundle_holds_nobodys_identity(bundle):
    # given: what the demonstration's registers call people and their handlers
    texts = [register_file(month, PAID).decode(ENCODING) for month in range(3)]
    rows = [dict(zip(COLUMNS, line.split(";"), strict=True)) for text in texts for line in text.splitlines()[1:]]
    numbers = {row["Personnummer"] for row in rows}
    numbers |= {number.replace("-", "") for number in numbers}
    handlers = {row["Handläggare"] for row in rows}
    names = {word for row in rows for word in (row["Registerledare"] + " " + row["Adress"]).split() if word.isalpha()}

    # when
    with zipfile.ZipFile(bundle) as archive:
        texts = [
            archive.read(name).decode() for name in archive.namelist() if name.endswith((".jsonl", ".tsv", ".json"))
        ]
    held = {word for text in texts for word in re.findall(r"[\w-]+", text)}

    # then
    assert numbers
    assert handlers
    assert names
    assert not held & (numbers | handlers | names)


def test_an_export_does_not_take_the_place_of_a_file(played_stack, bundle):
    before = bundle.read_bytes()

    ran = played_stack.stickprov("audit", "export", "--period", "2021-Q1", "--out", str(bundle), who="auditor")

    assert ran.returncode == 2
    assert "There is a file of that name." in ran.stderr
    assert bundle.read_bytes() == before


def test_a_period_without_anything_is_no_bundle(played_stack, tmp_path):
    file = tmp_path / "empty.zip"

    ran = played_stack.stickprov("audit", "export", "--period", "1999", "--out", str(file), who="auditor")

    assert ran.returncode == 2
    assert "Nothing was frozen, drawn or measured in 1999." in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_of_everything_leaves_nothing_out(played_stack, tmp_path):
    file = tmp_path / "whole.zip"

    made = played_stack.stickprov(
        "audit", "export", "--period", "2021-Q1", "--whole", "--out", str(file), who="auditor"
    )
    ran = played_stack.stickprov("audit", "verify", str(file), "--json")

    assert made.returncode == 0, made.stderr
    told = json.loads(ran.stdout)
    assert told["verdict"] == "verified"
    assert not [one["en"] for one in told["notes"] if "leaves only" in one["en"]]
