"""What was altered before anything was hashed and signed is found by what the events say of each other."""

import json
from hashlib import sha256

import pytest

from stickprov_client.bundle.verifying.verification import FromElsewhere, verify_bundle
from support.bundled_control import POINT, case_of, controlled, draw_of, tickets


def insider(change):
    """Return a bundle whose maker altered things before anything was hashed and signed."""
    books = controlled()
    change(books)
    return books


def entries(books, kind, month="2021-01"):
    return [
        entry
        for log in books.logs
        for entry in log.entries
        if entry.envelope["type"].split(".")[2] == kind and str(draw_of(month)) in entry.envelope["subject"]
    ]


def another_seed(books):
    for kind in ("seed-drawn", "sample-drawn"):
        for entry in entries(books, kind):
            entry.change(seed="1" * 20)


def seed_of_the_sample(books):
    entries(books, "sample-drawn")[0].change(seed="1" * 20)


def case_of_a_friend(books):
    drawn = tickets("2021-01")[:15]
    other = next(case for case in (case_of("2021-01", number) for number in range(40)) if case not in drawn)
    entries(books, "case-drawn")[3].change(case=other)


def order_of_tickets(books):
    one, two = entries(books, "case-drawn")[3:5]
    kept = [json.loads(entry.data)["case"] for entry in (one, two)]
    one.change(case=kept[1])
    two.change(case=kept[0])


def unit_with_the_smallest_ticket_left_out(books):
    """Freeze without the unit that would be drawn first, with hash and sizes to match."""
    frame = next(entry for entry in books.sampler.entries if entry.envelope["type"].endswith("frame-frozen.v1"))
    told = json.loads(frame.data)
    lines = books.listings[told["frame"]].splitlines(keepends=True)
    listing = b"".join(line for line in lines if not line.startswith(tickets("2021-01")[0].encode()))
    books.listings[told["frame"]] = listing
    strata = [{"stratum": "", "month": "2021-01", "size": 39}]
    frame.change(listing_hash=sha256(listing).hexdigest(), size=39, strata=strata)


def case_in_another_unit(books):
    entries(books, "case-drawn")[0].change(unit="Väster")


def chance_made_up(books):
    entries(books, "case-drawn")[0].change(inclusion_probability=0.5)


def another_spare(books):
    entries(books, "case-replaced")[0].change(replacement="f" * 64)


def extension_by_three(books):
    entries(books, "sample-extended")[0].change(added=3)


def frame_position_made_up(books):
    entries(books, "seed-drawn")[0].change(frame_position=1)


def seed_before_the_frame(books):
    log = books.sampler.entries
    places = [
        place
        for place, entry in enumerate(log)
        if entry.envelope["type"].split(".")[2] in {"frame-frozen", "seed-drawn"}
    ]
    log[places[0]], log[places[1]] = log[places[1]], log[places[0]]
    log[places[0]].change(frame_position=places[1] + 1)


def sample_counts_more(books):
    entries(books, "sample-drawn")[0].change(drawn=13)


def another_stream(books):
    entry = entries(books, "finding-recorded")[0]
    entry.envelope["subject"] = entry.envelope["subject"].replace(POINT, "AMF-2021-9")
    entry.envelope["streamversion"] = "1"


INSIDE = {
    "the seed": (another_seed, "seed and listing select case"),
    "the sample's seed": (seed_of_the_sample, f"SampleDrawn of draw {draw_of('2021-01')} names seed {'1' * 20}"),
    "a case for another": (case_of_a_friend, "seed and listing select case"),
    "the order of two cases": (order_of_tickets, "has order 4, computed again 5"),
    "a unit left out of the frame": (unit_with_the_smallest_ticket_left_out, "N = 40, and 39 are counted"),
    "a case's unit": (case_in_another_unit, "has unit Väster, computed again"),
    "a chance": (chance_made_up, "has inclusion probability 0.5, computed again 0.3"),
    "a spare": (another_spare, "does not fit: the case is not in the draw then, or its spare"),
    "an extension": (extension_by_three, "an extension by 3 cases does not add up"),
    "where the frame stood": (frame_position_made_up, "names frame_position 1, expected 3"),
    "the seed before the frame": (seed_before_the_frame, "that is not their order"),
    "the size of the sample": (sample_counts_more, "says n = 13, and 12 are counted"),
    "the stream of a finding": (another_stream, "(finding-recorded) stands in stream review/"),
}


@pytest.mark.parametrize(("change", "named"), INSIDE.values(), ids=list(INSIDE))
def test_what_was_altered_before_it_was_signed_is_named(change, named, tmp_path):
    # given: logs, chain, tree and signatures that all fit what was altered
    books = insider(change)

    # when
    report = verify_bundle(books.write(tmp_path / "inside.zip"), FromElsewhere())

    # then
    assert report.difference is not None
    assert named in report.difference.text("en")
