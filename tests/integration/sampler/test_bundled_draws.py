"""Every design that the sampler draws is drawn again by the verifier of bundles, from the log and the listing alone."""

import json

import pytest

from stickprov_client.bundle.verifying.verification import FromElsewhere, verify_bundle
from support.bundles import Books, Entry
from support.draws import (
    SEED,
    freeze_children,
    freeze_months,
    freeze_spring,
    post,
    register,
    replace,
)

EVER = {"start": "2000-01-01", "end": "2100-01-01", "label": "ever"}


async def books_of(sampler):
    """Return what a bundle would have of a running sampler."""
    await sampler.sequenced()
    books = Books(period=EVER)
    page = (await sampler.get("/v1/log", role="auditor")).json()
    for entry in page["entries"]:
        envelope = {name: value for name, value in entry["envelope"].items() if value is not None}
        books.sampler.entries.append(Entry(envelope, entry["data"]))
    for frame in (await sampler.get("/v1/frames")).json():
        books.listings[frame["frame"]] = (await sampler.get(f"/v1/frames/{frame['frame']}/listing")).content
    return books


def is_case_of(entry, draw):
    return entry.envelope["type"].endswith("case-drawn.v1") and entry.envelope["subject"] == f"draw/{draw}"


def verified(books, folder):
    return verify_bundle(books.write(folder / "bundle.zip"), FromElsewhere())


async def freeze_typed(sampler):
    """Freeze a frame with a kept column of every type, some of them without values."""
    rows = [
        (
            f"U{number:03}",
            number % 3 - 1 if number % 7 else "",
            f"{number % 4 + 1},5",
            f"2021-04-{number % 9 + 1:02}",
            "ja" if number % 2 else "nej",
            ("Åre", "Öst", "a b\\c", "")[number % 4],
        )
        for number in range(90)
    ]
    kept = ["Antal", "Belopp", "Dag", "Aktiv", "Ort"]
    content = register("Ärende;Antal;Belopp;Dag;Aktiv;Ort", rows)
    return await sampler.freeze(content, kept_columns=kept, period="2021-04")


STRATIFIED = {"design": "stratified"}
DEVIATIONS = [{"stratum": "N", "value": "2.5"}, {"stratum": "S", "value": "0.5"}]
EXPLICIT = [{"stratum": "N", "n": 4}, {"stratum": "S", "n": 1}]
OF_SPRING = (
    {"design": "census"},
    {"n": 10},
    {"rate": "0.06"},
    {"n": 10, "shift": "0.25", "seed": SEED},
    {"n": 7, "panel": True},
    STRATIFIED | {"stratify_by": "month", "per_stratum": 3},
    STRATIFIED | {"stratify_by": "month", "n": 15, "allocate": "proportional"},
    STRATIFIED | {"stratify_by": ["month", "stratum"], "n": 17, "allocate": "equal"},
    STRATIFIED | {"stratify_by": "stratum", "n": 15, "allocate": "neyman", "standard_deviations": DEVIATIONS},
    STRATIFIED | {"stratify_by": "stratum", "allocation": EXPLICIT},
)
OF_CHILDREN = (
    {"design": "cluster", "allocate": "per_reviewer"},
    {"design": "cluster", "n": 20},
    {"design": "per_group", "per_group": 2},
    {"design": "systematic", "sort_key": "Belopp", "interval": 13},
    {"design": "systematic", "sort_key": "Nyckel", "interval": 50},
    {"design": "pps", "n": 30, "size_column": "Belopp"},
    {"design": "pps", "n": 12, "size_column": "Belopp", "shift": "0.7"},
    STRATIFIED | {"stratify_by": ["unit", "Nyckel"], "per_stratum": 2},
)
OF_TYPED = (
    STRATIFIED | {"stratify_by": "Belopp", "per_stratum": 2},
    STRATIFIED | {"stratify_by": ["Dag", "Aktiv"], "per_stratum": 2},
    STRATIFIED | {"stratify_by": "Ort", "per_stratum": 3},
    {"design": "systematic", "sort_key": "Antal", "interval": 7},
    {"design": "systematic", "sort_key": "Dag", "interval": 4},
    {"design": "systematic", "sort_key": "Aktiv", "interval": 11},
    {"design": "pps", "n": 5, "size_column": "Belopp"},
)


@pytest.mark.parametrize(
    ("freeze", "requests"),
    [(freeze_spring, OF_SPRING), (freeze_children, OF_CHILDREN), (freeze_typed, OF_TYPED)],
    ids=["by month and stratum", "with subunits and amounts", "with columns of every type"],
)
async def test_draws_of_every_design_are_drawn_again_and_another_case_is_named(sampler, freeze, requests, tmp_path):
    # given
    await freeze(sampler)
    made = [await sampler.drawn(**request) for request in requests]
    books = await books_of(sampler)

    # when
    report = verified(books, tmp_path)

    # then
    assert report.difference is None, report.difference.text("en")
    checked = {said.values["draw"]: said.values["drawn"] for said in report.checks if "draw" in said.values}
    assert checked == {draw["draw"]: draw["drawn"] for draw in made}

    # and: in each, a unit that the rule does not give, drawn before anything was hashed, is found
    units = [line.partition("\t")[0] for line in next(iter(books.listings.values())).decode().splitlines()[2:]]
    for draw in made[1:] if made[0]["design"] == "census" else made:
        of_draw = [entry for entry in books.sampler.entries if is_case_of(entry, draw["draw"])]
        cases = {json.loads(entry.data)["case"] for entry in of_draw}
        kept = of_draw[-1].data
        of_draw[-1].change(case=next(unit for unit in units if unit not in cases))
        report = verified(books, tmp_path)
        assert report.difference is not None
        assert f"Draw {draw['draw']}: seed and listing select case" in report.difference.text("en")
        of_draw[-1].data = kept


async def test_spares_and_extensions_are_drawn_again(sampler, tmp_path):
    # given
    await freeze_spring(sampler)
    made = await sampler.drawn(design="stratified", stratify_by="month", per_stratum=3)
    cases = await sampler.cases(made["draw"])
    await replace(sampler, made["draw"], cases[0]["case"])
    extended = await post(sampler, f"/v1/draws/{made['draw']}/extension", per_stratum=2)
    assert extended.status_code < 300, extended.text
    await replace(sampler, made["draw"], cases[5]["case"])

    # when
    report = verified(await books_of(sampler), tmp_path)

    # then
    assert report.difference is None
    (check,) = [said for said in report.checks if said.values.get("draw") == made["draw"]]
    assert check.values["drawn"] == 12 + 8 + 2


async def test_spares_of_draws_by_size_and_by_interval_are_drawn_again(sampler, tmp_path):
    await freeze_children(sampler)
    for request in (
        {"design": "pps", "n": 9, "size_column": "Belopp"},
        {"design": "systematic", "sort_key": "Belopp", "interval": 60},
    ):
        made = await sampler.drawn(**request)
        cases = await sampler.cases(made["draw"])
        await replace(sampler, made["draw"], cases[1]["case"])

    report = verified(await books_of(sampler), tmp_path)

    assert report.difference is None


async def test_a_draw_with_a_secret_seed_is_pending_until_it_is_shown(sampler, tmp_path):
    # given: three months of one series, drawn with one secret seed and shifted
    await freeze_months(sampler, "2021-01", "2021-02")
    first = await sampler.drawn(frame="2021-01", n=5, secret=True)
    await sampler.drawn(frame="2021-02", n=5, shift="0.5")

    # when
    before = verified(await books_of(sampler), tmp_path)
    response = await post(sampler, f"/v1/draws/{first['draw']}/revelation")
    assert response.status_code < 300, response.text
    after = verified(await books_of(sampler), tmp_path)

    # then
    assert (before.verdict, before.pending) == ("pending", 2)
    assert (after.verdict, after.pending) == ("verified", 0)


async def test_a_seed_that_is_not_the_committed_one_is_named(sampler, tmp_path):
    await freeze_months(sampler, "2021-01")
    first = await sampler.drawn(frame="2021-01", n=5, secret=True)
    await post(sampler, f"/v1/draws/{first['draw']}/revelation")
    books = await books_of(sampler)
    (shown,) = [entry for entry in books.sampler.entries if entry.envelope["type"].endswith("seed-revealed.v1")]
    shown.change(seed=SEED)

    report = verified(books, tmp_path)

    assert "was committed" in report.difference.text("en")


async def test_a_frame_that_was_frozen_before_there_were_listings_is_told(sampler, tmp_path):
    # given
    await freeze_spring(sampler)
    await sampler.drawn(n=4)
    books = await books_of(sampler)
    (frozen,) = [entry for entry in books.sampler.entries if entry.envelope["type"].endswith("frame-frozen.v1")]
    frozen.change(listing_hash=None)

    # when
    report = verified(books, tmp_path)

    # then
    assert report.verdict == "verified"
    assert [said for said in report.notes if "frozen before listings had hashes" in said.text("en")]


async def test_erasing_who_the_cases_are_changes_nothing_in_what_is_verified(sampler, tmp_path):
    # given: a draw whose identities are then erased, files and rows
    await freeze_spring(sampler)
    made = await sampler.drawn(n=6)
    cases = await sampler.cases(made["draw"])
    await replace(sampler, made["draw"], cases[0]["case"], note="Karin flyttade")
    before = (await books_of(sampler)).contents()

    # when
    for file in sampler.vault_folder.glob("*.sealed"):
        file.unlink()
    for table in ("note", "vault.identity", "vault.drawn_case", "vault.frame_key", "vault.series_key"):
        await sampler.tamper(f"DELETE FROM {table}")
    books = await books_of(sampler)
    after = books.contents()

    # then
    assert after == before
    assert verified(books, tmp_path).verdict == "verified"
    assert "Karin" not in "".join(content.decode("latin-1") for content in after.values())
