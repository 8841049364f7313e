"""Who asked to be erased stays erased: no draw brings them back, and no file of a frame has them any more."""

from stickprov_kernel.database.migrations import LOG
from stickprov_kernel.sealing.sealed_files import open_file
from stickprov_kernel.sealing.wrapping import WrappedKey
from stickprov_sampler.adapters.sql.vault import about_identity_file
from stickprov_sampler.app import SAMPLER
from support.draws import events, post
from support.erasures import POINT, erase, freeze, hold, identity


async def forgotten(sampler):
    return [row["case_id"] for row in await sampler.rows("SELECT case_id FROM vault.forgotten_case")]


async def clear(sampler, frame, folder):
    """Return the bytes of a frame's identity file in clear, opened with the key that the vault has."""
    (row,) = await sampler.rows(f"SELECT * FROM vault.frame_key WHERE frame = '{frame}'")
    target = folder / "clear.parquet"
    key = WrappedKey(row["master"], row["wrapped_key"])
    open_file(sampler.settings.sealing, sampler.vault_folder / row["file"], key, target, about_identity_file(frame))
    return target.read_bytes()


async def test_a_case_that_was_erased_on_request_is_not_brought_back_by_another_draw(sampler, tmp_path):
    frame = (await freeze(sampler))["frame"]
    first = (await sampler.drawn(n=3))["draw"]
    case = (await sampler.cases(first))[0]["case"]
    (gone,) = [name for name, one in (await names(sampler)).items() if one == case]
    old = await sampler.identity_file(frame)
    done = await erase(sampler, "cases", draw=first, case=case)
    second = (await sampler.drawn(n=5))["draw"]
    extended = await post(sampler, f"/v1/draws/{first}/extension", n=2)

    assert (done["cases"], done["frames_rewritten"]) == (1, 1)
    assert (await forgotten(sampler), extended.status_code) == ([case], 201)
    assert len(await sampler.cases(second)) == 5
    assert gone not in await names(sampler)
    assert (await identity(sampler, second, case)).json()["code"] == "identity-erased"
    assert not old.exists()
    content = await clear(sampler, frame, tmp_path)
    assert f"Namn {gone}".encode() not in content
    told = [event for event in await events(sampler, "cases-erased") if event["draw"] == second]
    assert [(event["cases"], event["erasure"]) for event in told] == [([case], done["erasure"])]
    assert (await sampler.verification(second))["verdict"] == "verified"


async def names(sampler):
    return {unit: one.case for unit, one in (await sampler.identities()).items()}


async def test_somebody_who_was_never_drawn_is_found_in_the_frame_and_taken_from_it(sampler, tmp_path):
    frame = (await freeze(sampler))["frame"]
    looked = (await post(sampler, "/v1/erasures/persons/preview", number="19811228-9874")).json()
    done = await erase(sampler, "persons", number="8112289874")
    content = await clear(sampler, frame, tmp_path)
    drawn = await sampler.drawn(n=5)

    counted = {name: looked[name] for name in ("searched", "cases", "frames", "frames_searched")}
    assert counted == {"searched": "personal-number", "cases": 0, "frames": 1, "frames_searched": 1}
    assert (done["cases"], done["identities"], done["frames_rewritten"]) == (0, 1, 1)
    assert b"Namn 101" not in content
    assert b"Namn 102" in content
    assert "101" not in await sampler.identities()
    assert len(await sampler.cases(drawn["draw"])) == 5
    report = (await sampler.get(f"/v1/erasures/{done['erasure']}")).json()
    assert report["frames_rewritten"] == 1


async def test_a_later_frame_of_the_series_leaves_them_out(sampler, tmp_path):
    await freeze(sampler)
    await erase(sampler, "persons", number="101")
    later = await freeze(sampler, name="Möten 2", series="Möten")

    assert b"Namn 101" not in await clear(sampler, later["frame"], tmp_path)


async def test_a_hold_on_the_control_point_keeps_them_in_the_frame(sampler):
    await freeze(sampler)
    placed = await hold(sampler, control_point=POINT)
    refused = await post(sampler, "/v1/erasures/persons", number="101")
    await post(sampler, f"/v1/holds/{placed}/lifting", why="Klart")
    done = await erase(sampler, "persons", number="101")

    assert refused.json()["code"] == "legal-hold"
    assert done["frames_rewritten"] == 1


async def test_what_was_typed_is_told_apart(sampler):
    await freeze(sampler)
    searched = {}
    for typed in ("811228-9875", "abc", "A-777", "811228-9874"):
        answer = await post(sampler, "/v1/erasures/persons/preview", number=typed)
        assert typed not in answer.text
        searched[typed] = answer.json()["searched"]

    assert list(searched.values()) == ["neither", "neither", "case-number", "personal-number"]


async def test_a_restored_backup_forgets_them_again_and_a_crash_leaves_no_file(sampler_at, new_database, tmp_path):
    database = await new_database(LOG, SAMPLER)
    async with sampler_at(database) as sampler:
        await sampler.define()
        frame = (await freeze(sampler))["frame"]
        file = await sampler.identity_file(frame)
        content = file.read_bytes()
        (key,) = await sampler.rows("SELECT * FROM vault.frame_key")
        await sampler.drawn(n=5)
        await erase(sampler, "persons", number="101")
    # The backup's key and file; the log is the newer one, recovered from a copy.
    file.write_bytes(content)
    await sampler.rows("DELETE FROM vault.forgotten_case")
    await sampler.rows("DELETE FROM vault.frame_key")
    columns = list(key.keys())
    places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    await sampler.rows(f"INSERT INTO vault.frame_key ({', '.join(columns)}) VALUES ({places})", *key.values())
    rubbish = file.with_name(f"{frame}.0123456789abcdef.sealed")
    rubbish.write_bytes(b"of a crash")

    async with sampler_at(database) as sampler:
        assert len(await forgotten(sampler)) == 1
        assert b"Namn 101" not in await clear(sampler, frame, tmp_path)
        assert len(list(sampler.vault_folder.glob("*.sealed"))) == 1
        assert not file.exists()
        assert len(await sampler.cases((await sampler.drawn(n=5))["draw"])) == 5
        assert "101" not in await sampler.identities()
