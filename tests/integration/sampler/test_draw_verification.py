"""Verification doubts everything: whatever is changed in the log or the frame file is told in words."""

import hashlib
from uuid import UUID

import pytest

from support.draws import SEED, change_events, freeze_children, freeze_months, freeze_spring, post, replace


async def drawn_spring(sampler):
    frame = await freeze_spring(sampler)
    draw = await sampler.drawn(design="stratified", stratify_by="month", per_stratum=3, seed=SEED)
    return frame, draw["draw"]


async def test_a_draw_that_follows_the_rule_is_verified_by_named_checks(sampler):
    _, draw = await drawn_spring(sampler)
    found = await sampler.verification(draw)
    assert (found["verdict"], found["first_difference"]) == ("verified", None)
    assert "the drawn cases are those with the smallest tickets" in [name for name, _ in found["checks"]]
    assert all(held for _, held in found["checks"])


async def test_a_case_swapped_in_the_log_is_found(sampler):
    _, draw = await drawn_spring(sampler)
    victim = (await sampler.cases(draw))[4]["case"]
    await change_events(sampler, "case-drawn", victim, "f" * 64)
    found = await sampler.verification(draw)
    assert found["verdict"] == "different"
    assert f"Case {victim} has one of the smallest tickets" in found["first_difference"]


@pytest.mark.parametrize(
    ("type_", "old", "new", "difference"),
    [
        ("sample-drawn", SEED, "0" * 20, f"SampleDrawn names seed {'0' * 20}, expected {SEED}."),
        (
            "seed-drawn",
            '"frame_position":2',
            '"frame_position":1',
            "SeedDrawn says the frame is at position 1, the log has it at 2.",
        ),
        ("sample-drawn", '"drawn":12', '"drawn":13', "SampleDrawn says n = 13, and 12 are counted."),
        ("case-drawn", '"order":1,', '"order":2,', "has order 2, computed again 1."),
        (
            "case-drawn",
            '"month":"2021-04"',
            '"month":"2021-05"',
            " 0 cases are drawn, and the allocation says ",
        ),
        (
            "case-drawn",
            '"inclusion_probability":0.2,',
            '"inclusion_probability":0.9,',
            "has inclusion probability 0.9, computed again 0.2.",
        ),
        ("frame-frozen", '"size":87', '"size":88', "SampleDrawn says N = 87, and 88 are counted."),
        ("case-drawn", "AMF-2021-4", "AMF-2021-5", "names control points AMF-2021-5, expected AMF-2021-4."),
        (
            "sample-drawn",
            '"label":"2021-04-01/2021-08-01"',
            '"label":"2021-04-01/2021-09-01"',
            "SampleDrawn names period 2021-04-01/2021-09-01, expected 2021-04-01/2021-08-01.",
        ),
        ("sample-drawn", "ticket-sha256-v1", "ticket-md5-v0", "SampleDrawn names algorithm ticket-md5-v0, expected"),
        ("case-drawn", '"draw"', '"drew"', "An event of the draw or its frame cannot be read"),
    ],
)
async def test_whatever_is_changed_in_the_log_is_told_in_words(sampler, type_, old, new, difference):
    _, draw = await drawn_spring(sampler)
    await sampler.sequenced()
    await change_events(sampler, type_, old, new)
    found = await sampler.verification(draw)
    assert found["verdict"] == "different"
    assert difference in found["first_difference"]


def frame_file(sampler, frame):
    return sampler.frame_folder / frame["frame_hash"][:2] / f"{frame['frame_hash'][2:]}.parquet"


async def test_a_single_flipped_bit_in_the_frame_file_is_found_and_nothing_more_is_drawn_from_it(sampler):
    frame, draw = await drawn_spring(sampler)
    file = frame_file(sampler, frame)
    file.chmod(0o600)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    found = await sampler.verification(draw)
    assert found["verdict"] == "different"
    assert found["first_difference"] == (
        f"The frame file's SHA-256 is {hashlib.sha256(content).hexdigest()}, and the log says {frame['frame_hash']}."
    )
    before = await sampler.counts()
    response = await sampler.draw(n=5)
    assert (response.status_code, response.json()["code"]) == (500, "frame-file-changed")
    assert await sampler.counts() == before


async def test_a_frame_file_that_is_gone_is_told(sampler):
    frame, draw = await drawn_spring(sampler)
    frame_file(sampler, frame).unlink()
    found = await sampler.verification(draw)
    assert found["first_difference"] == "The frame file is gone, so nothing can be drawn from it again."
    assert "is gone. Restore the file" in (await sampler.draw(n=5)).json()["detail"]


async def test_a_seed_that_has_its_place_before_the_frame_is_told(sampler):
    _, draw = await drawn_spring(sampler)
    await sampler.sequenced()
    await sampler.tamper("ALTER TABLE ledger DISABLE TRIGGER insert_only")
    await sampler.tamper("UPDATE ledger SET position = 1000 WHERE position = 2")
    found = await sampler.verification(draw)
    assert found["first_difference"] == "SeedDrawn says the frame is at position 2, the log has it at 1000."


@pytest.mark.parametrize(
    ("draw", "type_", "old", "new", "difference"),
    [
        (
            {"design": "systematic", "sort_key": "Belopp", "interval": 50},
            "sample-drawn",
            '"interval":50',
            '"interval":49',
            None,
        ),
        (
            {"design": "pps", "size_column": "Belopp", "n": 9},
            "sample-drawn",
            '"Belopp"',
            '"Nyckel"',
            "cannot be followed",
        ),
        (
            {"design": "cluster", "allocate": "per_reviewer"},
            "sample-drawn",
            '"Enhet A":30',
            '"Enhet A":29',
            "other numbers of handlers",
        ),
        (
            {"design": "stratified", "stratify_by": "unit", "allocate": "equal", "n": 22},
            "sample-drawn",
            '"equal"',
            '"proportional"',
            "and its rule gives",
        ),
        ({"n": 9, "shift": "0.5"}, "sample-drawn", '"shift":"8', '"shift":"9', None),
    ],
)
async def test_a_changed_design_is_told_in_words(sampler, draw, type_, old, new, difference):
    await freeze_children(sampler)
    made = (await sampler.drawn(**draw, seed=SEED))["draw"]
    await sampler.sequenced()
    await change_events(sampler, type_, old, new)
    found = await sampler.verification(made)
    assert found["verdict"] == "different"
    assert difference is None or difference in found["first_difference"]


async def test_a_spare_that_is_not_the_next_ticket_is_told(sampler):
    await freeze_children(sampler)
    made = (await sampler.drawn(n=5, seed=SEED))["draw"]
    answer = await replace(sampler, made, (await sampler.cases(made))[0]["case"])
    await sampler.sequenced()
    await sampler.tamper(
        "UPDATE event SET data = convert_to(replace(convert_from(data, 'UTF8'), $1, $2), 'UTF8') WHERE stream = $3",
        answer["replacement"],
        "f" * 64,
        f"draw/{UUID(made)}",
    )
    found = await sampler.verification(made)
    assert f"Case {answer['replacement']} has one of the smallest tickets" in found["first_difference"]


async def test_another_seed_than_the_committed_one_is_told(sampler):
    await freeze_months(sampler, "2021-01")
    draw = (await sampler.drawn(frame="2021-01", n=5, secret=True))["draw"]
    seed = (await post(sampler, f"/v1/draws/{draw}/revelation")).json()["seed"]
    await sampler.sequenced()
    await change_events(sampler, "seed-revealed", seed, "0" * 48)
    assert "SeedRevealed shows a seed with hash" in (await sampler.verification(draw))["first_difference"]


async def test_a_draw_made_again_with_another_seed_in_every_event_is_told_by_its_hashes(sampler):
    """Seed, sample and cases fit each other and the frame; only the chained hashes know better."""
    await freeze_spring(sampler)
    kept = (await sampler.drawn(n=5, seed=SEED))["draw"]
    wanted = (await sampler.drawn(n=5, seed="9" * 20))["draw"]
    await sampler.sequenced()
    await sampler.tamper(
        "UPDATE event SET data = convert_to(replace(convert_from(other.data, 'UTF8'), $2, $1), 'UTF8')"
        " FROM event AS other WHERE event.stream = 'draw/' || $1 AND other.stream = 'draw/' || $2"
        " AND other.version = event.version",
        kept,
        wanted,
    )
    found = await sampler.verification(kept)
    assert [name for name, held in found["checks"] if not held] == [
        "every event is the one whose hash stands in the log"
    ]
    assert found["first_difference"] == (
        f"Event 1 of draw/{kept} (stickprov.sampler.seed-drawn.v1) is not the one whose hash stands in the log."
    )
    assert (await sampler.verification(wanted))["verdict"] == "verified"
