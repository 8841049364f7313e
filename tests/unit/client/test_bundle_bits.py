"""A bit of a bundle that is not as it was is found, and what it lies in is named."""

import random
import struct
import zipfile

import pytest

from stickprov_client.bundle.verifying.archive import MANIFEST, NoBundle
from stickprov_client.bundle.verifying.verification import FromElsewhere, verify_bundle
from support.bundled_control import controlled
from support.bundles import mended

FLIPS = 600
SEED = 20210401
WHOLE = "Every content is whole, so what was altered is the archive's own directory or the digest."


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """A small control, with a short text in the verifier's place, which is most of a small bundle."""
    folder = tmp_path_factory.mktemp("bundle")
    made = controlled().write(folder / "with-verifier.zip")
    return mended(made, folder / "bundle.zip", lambda contents, _: contents.update({"verify.py": b"# short"}))


def contents_of(bundle):
    """Return where in the file the packed bytes of each content lie."""
    raw = bundle.read_bytes()
    places = {}
    with zipfile.ZipFile(bundle) as archive:
        for info in archive.infolist():
            name, extra = struct.unpack_from("<HH", raw, info.header_offset + 26)
            start = info.header_offset + 30 + name + extra
            places[info.filename] = range(start, start + info.compress_size)
    return places


def flipped(bundle, target, place, bit):
    raw = bytearray(bundle.read_bytes())
    raw[place] ^= 1 << bit
    target.write_bytes(raw)
    return target


def what_is_named(report):
    assert report.difference is not None, "the flip was not found"
    return str(report.difference.values.get("entry", "")), report.difference.text("en")


def test_any_flipped_bit_is_found_and_what_it_lies_in_is_named(bundle, tmp_path):
    # given: bits all over the file, as many in each content
    places = contents_of(bundle)
    chance = random.Random(SEED)
    chosen = [chance.choice(places[name]) for name in places for _ in range(FLIPS // len(places))]
    named = {place: name for name, span in places.items() for place in span}

    for place in chosen:
        # when
        bit = chance.randrange(8)
        entry, text = what_is_named(verify_bundle(flipped(bundle, tmp_path / "one.zip", place, bit), FromElsewhere()))

        # then: the content is named; or all contents are whole, where the bit was in the padding of a packed one
        assert entry == named[place] or text.endswith(WHOLE), f"byte {place}, bit {bit} of {named[place]}: {text}"


def test_any_bit_of_what_surrounds_the_contents_is_found(bundle, tmp_path):
    # given: every byte of the archive that is in no content
    inside = {place for span in contents_of(bundle).values() for place in span}
    around = [place for place in range(bundle.stat().st_size) if place not in inside]
    chance = random.Random(SEED)

    # then
    for place in around:
        report = verify_bundle(flipped(bundle, tmp_path / "one.zip", place, chance.randrange(8)), FromElsewhere())
        assert report.difference is not None, place
        assert "not as it was made" in report.difference.text("en") or "no bundle" in report.difference.text("en")


def test_the_digest_itself_is_held_to_the_last_bit(bundle, tmp_path):
    for place in range(1, 65):
        report = verify_bundle(flipped(bundle, tmp_path / "one.zip", -place, 5), FromElsewhere())
        assert report.difference is not None, place


@pytest.mark.parametrize("kept", [10, 64, 1000, -1, -64, -100, -5000])
def test_a_file_that_was_cut_off_is_not_as_it_was_made(bundle, tmp_path, kept):
    cut = tmp_path / "cut.zip"
    cut.write_bytes(bundle.read_bytes()[:kept])

    report = verify_bundle(cut, FromElsewhere())

    assert report.verdict == "different"
    assert "not as it was made" in report.difference.text("en")


@pytest.mark.parametrize(
    ("content", "why"), [(b"", "för kort"), (b"Kort.", "för kort"), (b"Ett annat dokument. " * 10, "inget zip-arkiv")]
)
def test_a_file_of_something_else_is_no_bundle(tmp_path, content, why):
    other = tmp_path / "other.zip"
    other.write_bytes(content)

    with pytest.raises(NoBundle) as refused:
        verify_bundle(other, FromElsewhere())

    assert refused.value.said.text("sv").startswith("Filen är inget revisionspaket: den är ")
    assert why in refused.value.said.text("sv")


def test_an_archive_of_something_else_is_no_bundle(tmp_path):
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("brev.txt", "Hej. " * 20)

    with pytest.raises(NoBundle, match="a zip archive of something else"):
        verify_bundle(other, FromElsewhere())


def test_the_manifest_is_named_when_it_was_altered(bundle, tmp_path):
    place = contents_of(bundle)[MANIFEST][20]

    entry, _ = what_is_named(verify_bundle(flipped(bundle, tmp_path / "one.zip", place, 3), FromElsewhere()))

    assert entry == MANIFEST
