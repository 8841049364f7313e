"""Whose signatures a bundle is believed on, and checkpoints that an auditor kept."""

import json

import pytest

from stickprov_client.bundle.verifying.command import given_from
from stickprov_client.bundle.verifying.verification import FromElsewhere, verify_bundle
from stickprov_kernel.log.notes import SigningKey
from support.bundle_tampering import KEYS, THIEF, own_key_put_in, trusted_keys
from support.bundled_control import controlled
from support.bundles import LogBook, mended, signing_key


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return controlled().write(tmp_path_factory.mktemp("bundle") / "bundle.zip")


@pytest.fixture(scope="module")
def trusted():
    return trusted_keys()


def test_a_key_put_in_with_all_the_rest_is_refused_where_keys_are_given(bundle, trusted, tmp_path):
    altered = mended(bundle, tmp_path / "altered.zip", own_key_put_in)

    assert "neither a given key nor one that a given key handed over to" in (
        verify_bundle(altered, trusted).difference.text("en")
    )


def test_without_given_keys_it_is_said_whose_word_is_taken(bundle):
    report = verify_bundle(bundle, FromElsewhere())

    told = [said.text("en") for said in report.notes if "bundle's own keys were believed" in said.text("en")]
    assert [
        signing_key(source).verifier.text in text for source, text in zip(("sampler", "findings"), told, strict=True)
    ]
    assert len(told) == 2


def test_a_log_for_which_no_key_was_given_is_believed_on_the_bundles_own_and_told(bundle):
    report = verify_bundle(bundle, given_from([signing_key("findings").verifier.text], []))

    (told,) = [said.text("sv") for said in report.notes if "så paketets egna nycklar har godtagits" in said.text("sv")]
    assert report.verdict == "verified"
    assert told.startswith("Ingen nyckel angavs för urvalets logg")


def test_another_key_of_the_same_log_is_not_passed_over(bundle):
    report = verify_bundle(bundle, given_from([THIEF.verifier.text], []))

    assert "neither a given key nor one that a given key handed over to" in report.difference.text("en")


def test_a_log_under_another_name_is_not_believed_where_its_key_was_given(bundle):
    # given: keys of which one is for a log that the bundle should have, and has not by that name
    renamed = SigningKey("other.town/sampler", THIEF.private).verifier.text

    report = verify_bundle(bundle, given_from([renamed, signing_key("findings").verifier.text], []))

    assert "None of the given keys is for the sampler's log" in report.difference.text("en")


def first_finding(books):
    return next(entry for entry in books.findings.entries if "finding-recorded" in entry.envelope["type"])


def test_a_history_that_was_written_anew_is_not_the_one_whose_checkpoint_was_kept(tmp_path):
    # given: an auditor kept a checkpoint; then the log was made again without a remark, and signed again
    kept = tmp_path / "kept.note"
    kept.write_bytes(controlled().findings.note(40))
    books = controlled()
    first_finding(books).change(remark=False, categories=[])

    # when
    report = verify_bundle(books.write(tmp_path / "anew.zip"), given_from([], [str(kept)]))

    # then
    assert "The log was rewritten" in report.difference.text("en")
    assert str(kept) in report.difference.text("en")


def test_a_kept_checkpoint_of_the_same_history_holds(bundle, tmp_path):
    kept = tmp_path / "kept.note"
    kept.write_bytes(controlled().findings.note(40))

    report = verify_bundle(bundle, given_from([], [str(kept)]))

    assert report.verdict == "verified"
    assert [said for said in report.checks if "continues the checkpoint of 40 events" in said.text("en")]


def test_a_kept_checkpoint_that_is_newer_than_the_bundle_is_said_not_to_be_compared(tmp_path):
    kept = tmp_path / "kept.note"
    kept.write_bytes(controlled().findings.note())
    books = controlled()
    books.points = []
    del books.findings.entries[-1:], books.findings.events[-1:]

    report = verify_bundle(books.write(tmp_path / "older.zip"), given_from([], [str(kept)]))

    assert report.verdict == "verified"
    assert [said for said in report.notes if "could not be compared" in said.text("en")]


def test_a_kept_checkpoint_of_a_log_that_is_not_in_the_bundle_is_said_not_to_be_compared(bundle, tmp_path):
    kept = tmp_path / "kept.note"
    elsewhere = LogBook("findings", [SigningKey("other.town/findings", THIEF.private)])
    kept.write_bytes(elsewhere.note())

    report = verify_bundle(bundle, given_from([], [str(kept)]))

    assert report.verdict == "verified"
    assert [said for said in report.notes if "(other.town/findings), so it was not compared" in said.text("en")]


def test_keys_that_follow_one_another_are_believed_by_their_handovers(tmp_path):
    # given: a log that two keys signed, the first of which is trusted
    books = controlled()
    one, two = signing_key("findings"), signing_key("findings", 2)
    books.findings.keys = [one, two]
    books.findings.checkpoints = [(10, one), (20, two)]

    # when
    given = given_from([one.verifier.text, signing_key("sampler").verifier.text], [])
    report = verify_bundle(books.write(tmp_path / "rotated.zip"), given)

    # then
    assert report.verdict == "verified"
    assert [said.values["count"] for said in report.checks if "signed as they should" in said.text("en")] == [1, 3]


def rotated(late=0):
    """Return logs of which one was signed by two keys."""
    books = controlled()
    one, two = signing_key("findings"), signing_key("findings", 2)
    books.findings.keys, books.findings.late = [one, two], late
    books.findings.checkpoints = [(10, one), (20, two)]
    return books


@pytest.mark.parametrize("given", [True, False])
def test_a_handover_that_was_not_signed_by_both_is_named(tmp_path, trusted, given):
    # given: a handover whose size was written over
    made = rotated().write(tmp_path / "rotated.zip")

    def other_size(contents, _manifest):
        keys = json.loads(contents[KEYS])
        keys[1]["handover"] = keys[1]["handover"].replace("\n10\n", "\n11\n")
        contents[KEYS] = json.dumps(keys).encode()

    # when
    report = verify_bundle(mended(made, tmp_path / "altered.zip", other_size), trusted if given else FromElsewhere())

    # then
    assert "A handover between the keys of the findings' log does not hold" in report.difference.text("en")


def test_a_key_that_signs_after_it_handed_over_is_told(tmp_path, trusted):
    report = verify_bundle(rotated(late=-1).write(tmp_path / "late.zip"), trusted)

    assert report.verdict == "verified"
    (note,) = [said for said in report.notes if "had handed over to another one before" in said.text("en")]
    assert (note.values["count"], note.values["size"]) == (1, 10)


def test_a_key_from_before_the_trusted_one_is_told(tmp_path):
    books = controlled()
    one, two = signing_key("findings"), signing_key("findings", 2)
    books.findings.keys = [one, two]
    books.findings.checkpoints = [(10, one)]

    given = given_from([two.verifier.text, signing_key("sampler").verifier.text], [])
    report = verify_bundle(books.write(tmp_path / "rotated.zip"), given)

    assert report.verdict == "verified"
    assert [
        said
        for said in report.notes
        if "signed by keys from before the given one, for which nobody vouches: 1." in said.text("en")
    ]
