"""Whoever alters a bundle and mends every checksum is found by what was signed, hashed before or can be counted."""

import json
import random
import subprocess
import sys
import zipfile

import pytest

from stickprov_client.bundle.verifying.verification import verify_bundle
from support.bundle_tampering import ALTERED, trusted_keys
from support.bundled_control import controlled
from support.bundles import mended


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return controlled().write(tmp_path_factory.mktemp("bundle") / "bundle.zip")


@pytest.fixture(scope="module")
def trusted():
    return trusted_keys()


@pytest.mark.parametrize(("change", "named"), ALTERED.values(), ids=list(ALTERED))
def test_what_was_altered_is_named_though_every_checksum_was_mended(bundle, trusted, tmp_path, change, named):
    # given
    altered = mended(bundle, tmp_path / "altered.zip", change)

    # when
    report = verify_bundle(altered, trusted)

    # then
    assert report.difference is not None
    assert named in report.difference.text("en")


def test_whatever_is_altered_in_a_content_there_is_a_verdict(bundle, trusted, tmp_path):
    # given: bits of the contents themselves, with every checksum mended
    chance = random.Random(20210401)
    with zipfile.ZipFile(bundle) as archive:
        sizes = {name: archive.getinfo(name).file_size for name in archive.namelist()}
    checked = [name for name in sizes if name.endswith((".jsonl", ".bin", ".tsv"))]
    read = [name for name in sizes if name.endswith(".json") and name != "manifest.json"]

    for name in [chance.choice([*checked, *read]) for _ in range(150)]:
        place, bit = chance.randrange(sizes[name]), chance.randrange(8)

        def flip(contents, _manifest, name=name, place=place, bit=bit):
            raw = bytearray(contents[name])
            raw[place] ^= 1 << bit
            contents[name] = bytes(raw)

        # when
        report = verify_bundle(mended(bundle, tmp_path / "altered.zip", flip), trusted)

        # then: what is hashed or signed is found; space between figures may have been altered
        assert report.difference is not None or name in read, f"{name}, byte {place}, bit {bit}"


@pytest.mark.parametrize("part", ["logs", "period", "control_points", "whole"])
def test_a_manifest_without_a_part_is_told(bundle, trusted, tmp_path, part):
    altered = mended(bundle, tmp_path / "altered.zip", lambda _, manifest: manifest.pop(part))

    assert "cannot be read as what it should be" in verify_bundle(altered, trusted).difference.text("en")


@pytest.mark.parametrize("name", ["a finding", "a checkpoint by a stranger", "a unit removed", "a figure", None])
def test_the_program_inside_gives_the_same_verdict_in_an_empty_folder(bundle, trusted, tmp_path, name):
    # given: the program that lies in the bundle, alone beside it
    altered = tmp_path / "bundle.zip"
    if name is None:
        altered.write_bytes(bundle.read_bytes())
    else:
        mended(bundle, altered, ALTERED[name][0])
    with zipfile.ZipFile(altered) as archive:
        archive.extract("verify.py", tmp_path)

    # when
    keys = [word for key in trusted.keys for word in ("--key", key.text)]
    ran = subprocess.run(
        [sys.executable, "-I", "verify.py", "bundle.zip", "--json", *keys],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    # then
    report = verify_bundle(altered, trusted)
    told = json.loads(ran.stdout)
    assert (ran.returncode, told["verdict"]) == (0 if name is None else 1, report.verdict)
    said = {language: report.difference.text(language) for language in ("sv", "en")} if report.difference else None
    assert told["first_difference"] == said
    assert len(told["checks"]) == len(report.checks)
