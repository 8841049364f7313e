"""What is not in a bundle, or not checked, is told."""

import json

from stickprov_client.bundle.verifying.verification import FromElsewhere, verify_bundle
from support.bundled_control import MONTHS, controlled, draw_of
from support.bundles import LogBook


def test_events_that_are_only_leaves_are_told(tmp_path):
    # given: the control's first month without the second's reviews
    books = controlled()
    books.points = []
    later = [place for place, entry in enumerate(books.findings.entries, 1) if str(draw_of(MONTHS[1])) in entry.data]
    books.findings.left_out = set(later)

    # when
    report = verify_bundle(books.write(tmp_path / "part.zip"), FromElsewhere())

    # then
    assert report.verdict == "verified"
    (note,) = [said for said in report.notes if "as leaves only" in said.text("en")]
    assert note.values["count"] == len(later)


def test_frames_and_draws_of_another_period_that_were_not_checked_are_told(tmp_path):
    # given: a bundle of the first month that has all events, and the listing of that month alone
    books = controlled()
    books.points, books.whole = [], True
    books.period = {"start": "2021-01-01", "end": "2021-02-01", "label": "2021-01"}
    (later,) = [name for name, listing in books.listings.items() if b"2021-02" in listing]
    del books.listings[later]

    # when
    report = verify_bundle(books.write(tmp_path / "whole.zip"), FromElsewhere())

    # then
    assert report.verdict == "verified"
    told = [said.text("en") for said in report.notes]
    assert [text for text in told if "Frame “hushåll 2021-02” (2021-02) is of another period" in text]
    assert [text for text in told if f"Draw {draw_of('2021-02')} (2021-02) is of another period" in text]


def test_a_frame_of_the_period_needs_its_listing_even_when_nothing_was_drawn_from_it(tmp_path):
    books = controlled()
    frame = next(entry for entry in books.sampler.entries if entry.envelope["type"].endswith("frame-frozen.v1"))
    books.sampler.entries, books.sampler.events = books.sampler.entries[:3], books.sampler.events[:3]
    books.findings = LogBook("findings")
    books.listings = {}

    report = verify_bundle(books.write(tmp_path / "frame.zip"), FromElsewhere())

    assert json.loads(frame.data)["frame_name"] in report.difference.text("en")
    assert "is not in the bundle" in report.difference.text("en")


def test_an_event_of_an_unknown_kind_is_told(tmp_path):
    books = controlled()
    books.points = []
    books.findings.add_raw("stickprov.findings.finding-dreamt.v1", "dream/1", '{"of":"sheep"}')

    report = verify_bundle(books.write(tmp_path / "unknown.zip"), FromElsewhere())

    assert report.verdict == "verified"
    assert [said for said in report.notes if "(finding-dreamt, version 1)" in said.text("en")]
