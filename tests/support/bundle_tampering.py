"""What may be done to a bundle by somebody who mends every checksum in it, with what it is found by."""

import json

from stickprov_client.bundle.verifying.command import given_from
from stickprov_kernel.log.checkpoint_note import TreeHead
from stickprov_kernel.log.hashing import GENESIS, chain_hashes
from stickprov_kernel.log.notes import sign
from stickprov_kernel.log.tree import root_of
from support.bundles import Entry, lines_of, of_lines, signing_key

EVENTS = "logs/findings/events.jsonl"
LEAVES = "logs/findings/leaves.bin"
NOTES = "logs/findings/checkpoints.jsonl"
KEYS = "logs/findings/keys.json"
SAMPLER = "logs/sampler/events.jsonl"
THIEF = signing_key("findings", 66)


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


def trusted_keys():
    """Return the logs' keys, as an auditor has them from elsewhere."""
    return given_from([signing_key(source).verifier.text for source in ("sampler", "findings")], [])
