"""Whoever alters a bundle and mends every checksum is found by what was signed, hashed before or can be counted."""

import json
import random
import subprocess
import sys
import zipfile
from hashlib import sha256

import pytest

from stickprov_client.bundle.verifying.command import given_from
from stickprov_client.bundle.verifying.verification import FromElsewhere, verify_bundle
from stickprov_kernel.log.checkpoint_note import TreeHead
from stickprov_kernel.log.hashing import GENESIS, chain_hashes
from stickprov_kernel.log.notes import SigningKey, sign
from stickprov_kernel.log.tree import root_of
from support.bundled_control import MONTHS, POINT, case_of, controlled, draw_of, tickets
from support.bundles import Entry, LogBook, lines_of, mended, of_lines, signing_key

EVENTS = "logs/findings/events.jsonl"
LEAVES = "logs/findings/leaves.bin"
NOTES = "logs/findings/checkpoints.jsonl"
KEYS = "logs/findings/keys.json"
SAMPLER = "logs/sampler/events.jsonl"
THIEF = signing_key("findings", 66)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return controlled().write(tmp_path_factory.mktemp("bundle") / "bundle.zip")


@pytest.fixture(scope="module")
def trusted():
    """The logs' keys, as an auditor has them from elsewhere."""
    return given_from([signing_key(source).verifier.text for source in ("sampler", "findings")], [])


def first(events, kind):
    return next(place for place, event in enumerate(events) if event["envelope"]["type"].split(".")[2] == kind)


def with_events(change, of=EVENTS):
    """Return a change of a log's events."""

    def made(contents, _manifest):
        events = of_lines(contents[of])
        change(events)
        contents[of] = lines_of(events)

    return made


def remark_taken_away(events):
    event = events[first(events, "finding-recorded")]
    event["data"] = event["data"].replace('"remark":true', '"remark":false')


def another_actor(events):
    events[3]["envelope"]["actor"] = "p99"


def two_swapped(events):
    events[4]["position"], events[5]["position"] = events[5]["position"], events[4]["position"]
    events[4], events[5] = events[5], events[4]


def two_lines_swapped(events):
    events[4], events[5] = events[5], events[4]


def first_of_a_stream_dropped(events):
    del events[first(events, "review-started")]


def finding_dropped(events):
    del events[first(events, "finding-recorded")]


def finding_left_out(contents, manifest):
    """Leave out the last event of a stream, as if it were of another period."""
    with_events(finding_dropped)(contents, manifest)
    manifest["logs"]["findings"]["events"] -= 1


def event_put_in(events):
    events.append(events[-1] | {"position": events[-1]["position"] + 1})


def position_beyond(events):
    events[-1]["position"] += 1


def attribute_added(events):
    events[0]["envelope"]["mood"] = "good"


def time_without_zone(events):
    events[0]["envelope"]["time"] = "2021-04-01T08:00:00"


def leaf_of_a_change(contents, manifest):
    """Change an event, the leaf that stands for it, and the chain that everything in the bundle tells of."""
    with_events(remark_taken_away)(contents, manifest)
    events = of_lines(contents[EVENTS])
    place = first(events, "finding-recorded")
    leaves = [contents[LEAVES][start : start + 32] for start in range(0, len(contents[LEAVES]), 32)]
    leaves[place] = Entry(events[place]["envelope"], events[place]["data"]).leaf
    contents[LEAVES] = b"".join(leaves)
    chain = chain_hashes(GENESIS, leaves)[-1].hex()
    manifest["logs"]["findings"] |= {"root": root_of(leaves).hex(), "chain_hash": chain}
    statistic_of(lambda one: one["as_of"]["findings"].update(chain_hash=chain))(contents, manifest)


def checkpoint_by(key):
    """Change an event with its leaf, and sign the new root."""

    def made(contents, manifest):
        leaf_of_a_change(contents, manifest)
        told = manifest["logs"]["findings"]
        text = TreeHead(told["origin"], told["size"], bytes.fromhex(told["root"])).text
        contents[NOTES] = lines_of([{"note": sign(text, [key]).decode()}])

    return made


def own_key_put_in(contents, manifest):
    """Change an event with its leaf, sign the new root with a key of one's own, and put that among the keys."""
    checkpoint_by(THIEF)(contents, manifest)
    contents[KEYS] = json.dumps([{"verifier_key": THIEF.verifier.text, "adopted": "", "handover": None}]).encode()


def root_written_over(contents, _manifest):
    note = of_lines(contents[NOTES])[-1]["note"].split("\n")
    note[2] = "A" * 43 + "="
    contents[NOTES] = lines_of([{"note": "\n".join(note)}])


def no_checkpoint(contents, _manifest):
    contents[NOTES] = b""


def leaf_dropped(contents, _manifest):
    contents[LEAVES] = contents[LEAVES][:-32]


def half_a_leaf(contents, _manifest):
    contents[LEAVES] += b"1234"


def unit_removed(contents, _manifest):
    name = next(name for name in contents if name.startswith("frames/"))
    lines = contents[name].splitlines(keepends=True)
    contents[name] = b"".join(lines[:5] + lines[6:])


def unit_renamed(contents, _manifest):
    name = next(name for name in contents if name.startswith("frames/"))
    contents[name] = contents[name].replace(b"Norr", b"Syd", 1)


def listing_dropped(contents, _manifest):
    del contents[next(name for name in contents if name.startswith("frames/"))]


def statistic_of(change):
    def made(contents, _manifest):
        statistics = json.loads(contents["statistics.json"])
        change(statistics[0])
        contents["statistics.json"] = json.dumps(statistics).encode()

    return made


def count_in_manifest(_contents, manifest):
    manifest["logs"]["findings"]["events"] += 1


def chain_in_manifest(_contents, manifest):
    manifest["logs"]["sampler"]["chain_hash"] = "0" * 64


def claimed_whole(contents, manifest):
    """Say that every event is there, where one is not."""
    events = of_lines(contents[SAMPLER])
    contents[SAMPLER] = lines_of(events[:-1])
    manifest["whole"] = True
    manifest["logs"]["sampler"]["events"] -= 1


ALTERED = {
    "a finding": (with_events(remark_taken_away), "(finding-recorded) is not the one whose hash stands there"),
    "who did it": (with_events(another_actor), "is not the one whose hash stands there"),
    "two positions": (with_events(two_swapped), "is not the one whose hash stands there"),
    "the order of lines": (with_events(two_lines_swapped), "an event was left out, doubled or moved"),
    "an event left out in a stream": (
        with_events(first_of_a_stream_dropped),
        "an event was left out, doubled or moved",
    ),
    "a finding left out": (finding_left_out, "and the events give"),
    "an event put in": (with_events(event_put_in), "claims position 68, and the log has 67"),
    "a position beyond the log": (with_events(position_beyond), "claims position 68, and the log has 67"),
    "an attribute added": (with_events(attribute_added), "is not in canonical form: its mood is “good”"),
    "a time in another form": (with_events(time_without_zone), "is not in canonical form: its time is"),
    "a line that is no event": (
        lambda contents, _: contents.update({EVENTS: b"{}\n"}),
        "Line 1 of the events of the findings' log is not an event",
    ),
    "a finding with its leaf": (leaf_of_a_change, "give another root at size 67 than its checkpoint"),
    "a checkpoint by a stranger": (checkpoint_by(THIEF), "which is none of the log's keys"),
    "a root written over": (root_written_over, "signature of the checkpoint of the findings' log at size 67 is false"),
    "no checkpoint": (no_checkpoint, "nothing vouches for the last of them"),
    "a leaf dropped": (leaf_dropped, "has 66 leaves, and the bundle says that it has 67 events"),
    "half a leaf more": (half_a_leaf, "the bundle says that it has 67 events"),
    "a unit removed": (unit_removed, "is not the one that was frozen"),
    "a unit moved": (unit_renamed, "is not the one that was frozen"),
    "a listing left out": (listing_dropped, "is not in the bundle, so nothing can be drawn from it again"),
    "a figure": (
        statistic_of(lambda one: one["total"].update(remarks=3)),
        "says total.remarks = 3, and the events give 8",
    ),
    "a range": (statistic_of(lambda one: one.update(end="2021-03-01")), "and the bundle of 2021-01-01/2021-04-01"),
    "the chain that a statistic knows": (
        statistic_of(lambda one: one["as_of"]["sampler"].update(chain_hash="0" * 64)),
        "statistics.json (AMF-2021-3) says 0000",
    ),
    "statistics of something else": (
        lambda contents, _: contents.update({"statistics.json": b'[{"control_point": "X"}]'}),
        "cannot be read as statistics",
    ),
    "how many events there are": (count_in_manifest, "says that it has 68 events of the findings' log, and it has 67"),
    "the chain in the manifest": (chain_in_manifest, "and manifest.json says 0000"),
    "a bundle that is not whole": (claimed_whole, "it has every event, and the one at position"),
}


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


def test_a_history_that_was_written_anew_is_not_the_one_whose_checkpoint_was_kept(tmp_path):
    # given: an auditor kept a checkpoint; then the log was made again without a remark, and signed again
    kept = tmp_path / "kept.note"
    kept.write_bytes(controlled().findings.note(40))
    books = controlled()
    entries(books, "finding-recorded")[0].change(remark=False, categories=[])

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
