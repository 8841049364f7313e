"""Nothing that identifies a person lies in the clear: not in the database's files, not in a dump, not in the vault."""

import io
import json
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from stickprov_contracts.events import type_name
from stickprov_contracts.events.sampler import FrameFrozen
from stickprov_kernel.database.migrations import LOG
from stickprov_kernel.sealing.errors import MasterKeyMissingError, SealBrokenError
from stickprov_kernel.sealing.rotation import Rotation
from stickprov_sampler.adapters.sql.vault import SEALED, opened_identity
from stickprov_sampler.app import SAMPLER
from support.draws import SEED
from support.identity_files import in_clear_again
from support.master_keys import master_keys_file, sealing
from support.waiting import eventually

PLANTED = {
    "name": "Planterad Testsson",
    "number": "198503152384",
    "case": "ÄRENDE-31415",
    "staff": "Provnamn Handläggarsson",
    "mail": "planterad@kommun.example",
    "note": "Syster till Planterad",
    "seed": "27182818284590452353",
}
REGISTER = (
    f"Ärende;Namn;Nummer\n{PLANTED['case']};{PLANTED['name']};19850315-2384\n"
    "ÄRENDE-2;Bo Al;850316-2383\nÄRENDE-3;Cia Alm;850317-2382\n"
)
OPTIONS = {
    "unit_id_column": "Ärende",
    "identity_columns": ["Namn"],
    "personal_number_column": "Nummer",
    "extract_date": "2021-03-31",
    "period": "2021-01",
}


async def planted(sampler) -> dict:
    """Put everything into the sampler that may name somebody; return the draw."""
    await sampler.freeze(REGISTER, **OPTIONS)
    draw = await sampler.drawn(n=2, seed=PLANTED["seed"], secret=True)
    body = {"case": (await sampler.cases(draw["draw"]))[0]["case"], "reason": "other", "note": PLANTED["note"]}
    path = f"/v1/draws/{draw['draw']}/replacements"
    assert (await sampler.client.post(path, json=body, headers=sampler.headers())).status_code == 201
    person = {"sign_in": "plha01", "name": PLANTED["staff"], "email": PLANTED["mail"], "unit": "E"}
    answer = await sampler.client.put("/v1/staff", json={"staff": [person]}, headers=sampler.headers())
    assert answer.status_code == 200, answer.text
    return draw


async def dump_of(sampler) -> bytes:
    """Return every table as COPY writes it, rows' bytes in clear."""
    connection = await asyncpg.connect(sampler.database.superuser_url)
    tables = await connection.fetch(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'vault') ORDER BY 1, 2"
    )
    whole = io.BytesIO()
    for schema, table in tables:
        await connection.copy_from_query(f'SELECT * FROM "{schema}"."{table}"', output=whole, format="binary")
    await connection.close()
    assert len(tables) > 10
    return whole.getvalue()


async def database_files(sampler) -> bytes:
    """Return the database's files on the disk, with the log of what was written to it."""
    connection = await asyncpg.connect(sampler.database.superuser_url)
    await connection.execute("CHECKPOINT")
    folder = Path(await connection.fetchval("SHOW data_directory"))
    oid = await connection.fetchval("SELECT oid FROM pg_database WHERE datname = current_database()")
    await connection.close()
    files = [*(folder / "base" / str(oid)).iterdir(), *(one for one in (folder / "pg_wal").iterdir() if one.is_file())]
    return b"".join(file.read_bytes() for file in files)


def found_in(content: bytes) -> list[str]:
    return [what for what, text in PLANTED.items() if text.encode() in content]


async def test_nothing_planted_is_in_the_database_or_the_vault_and_all_of_it_opens_with_the_key(sampler):
    draw = await planted(sampler)

    assert found_in(await dump_of(sampler)) == []
    assert found_in(await database_files(sampler)) == []
    assert [(file.name, found_in(file.read_bytes())) for file in sampler.files() if found_in(file.read_bytes())] == []

    known = [one for one in (await sampler.identities()).values() if one.unit_id == PLANTED["case"]]
    fields = {"Namn": PLANTED["name"], "Nummer": PLANTED["number"]}
    assert [(one.research_day, json.loads(one.fields)) for one in known] == [(True, fields)]
    (person,) = (await sampler.get("/v1/staff")).json()
    assert (person["name"], person["email"]) == (PLANTED["staff"], PLANTED["mail"])
    (replaced,) = (await sampler.get(f"/v1/draws/{draw['draw']}/replacements")).json()
    assert replaced["note"] == PLANTED["note"]
    revealed = await sampler.client.post(f"/v1/draws/{draw['draw']}/revelation", headers=sampler.headers())
    assert revealed.json()["seed"] == PLANTED["seed"]


async def test_a_dump_opens_with_its_master_key_alone_and_in_its_own_row_alone(sampler, tmp_path):
    await planted(sampler)
    rows = [dict(row) for row in await sampler.rows("SELECT * FROM vault.identity ORDER BY case_id")]
    others = tmp_path / "others"
    others.mkdir()

    with pytest.raises(MasterKeyMissingError):
        opened_identity(sealing(others, 2), rows[0])
    with pytest.raises(SealBrokenError):
        opened_identity(sampler.settings.sealing, rows[0] | {"case_id": rows[1]["case_id"]})
    assert opened_identity(sampler.settings.sealing, rows[0]).unit_id.startswith("ÄRENDE-")


async def test_a_missing_master_key_is_named_where_something_is_to_be_opened_and_where_one_looks(
    sampler_at, new_database, tmp_path
):
    database = await new_database(LOG, SAMPLER)
    async with sampler_at(database) as sampler:
        await sampler.define()
        draw = await planted(sampler)
        (row, *_) = await sampler.rows("SELECT case_id FROM vault.drawn_case ORDER BY 1")
        identity = f"/v1/draws/{draw['draw']}/cases/{row['case_id']}/identity"
    others = master_keys_file(tmp_path, 2, name="others.keys")
    async with sampler_at(database, master_keys=others) as sampler:
        body = {"control_point": "AMF-2021-4", "why": "coordination"}
        answer = await sampler.client.post(identity, json=body, headers=sampler.headers())
        ready = (await sampler.client.get("/health/ready")).json()["conditions"]
    assert (answer.status_code, answer.json()["code"]) == (503, "vault-locked")
    assert "“master-1”" in answer.json()["detail"]
    (vault,) = [one for one in ready if one["name"] == "vault"]
    assert not vault["ok"]
    assert vault["detail"].endswith("sealed values are under master keys that the file does not hold: “master-1”")


# Master keys that change


async def masters(sampler) -> set[str]:
    return {row["master"] for table in SEALED for row in await sampler.rows(f"SELECT master FROM {table.name}")}


async def test_after_a_rotation_everything_opens_without_the_old_master_key(sampler, tmp_path):
    draw = await planted(sampler)
    counted = sum([len(await sampler.rows(f"SELECT FROM {table.name}")) for table in SEALED])
    before = {one.unit_id: one for one in (await sampler.identities()).values()}
    pool = await asyncpg.create_pool(sampler.database.service_url, min_size=1, max_size=2)
    keys = sealing(tmp_path, 2, 1)

    # given: half of it is done when the process is killed
    rotation = Rotation(pool, keys, SEALED[:2])
    assert await rotation.rewrap(batch=1) == 4
    assert await masters(sampler) == {"master-1", "master-2"}

    # when
    rotation = Rotation(pool, keys, SEALED)
    assert (await rotation.census()).older == counted - 4
    assert "still under older master keys" in (await rotation.census()).condition.detail
    assert await rotation.rewrap(batch=2) == counted - 4

    # then
    assert "the other lines of the file can go" in (await rotation.census()).condition.detail
    assert await rotation.rewrap() == 0
    await pool.close()
    master_keys_file(tmp_path, 2)
    assert await masters(sampler) == {"master-2"}
    assert {one.unit_id: one for one in (await sampler.identities()).values()} == before
    (replaced,) = (await sampler.get(f"/v1/draws/{draw['draw']}/replacements")).json()
    assert replaced["note"] == PLANTED["note"]
    assert (await sampler.drawn(n=3))["drawn"] == 3  # which opens the identity file


async def test_a_row_that_cannot_be_opened_does_not_keep_others_from_a_new_master_key(sampler, tmp_path):
    await planted(sampler)
    (broken,) = await sampler.rows(
        "UPDATE vault.identity SET wrapped_key = decode('00', 'hex') "
        "WHERE case_id = (SELECT min(case_id) FROM vault.identity) RETURNING case_id"
    )
    pool = await asyncpg.create_pool(sampler.database.service_url, min_size=1, max_size=2)

    rotation = Rotation(pool, sealing(tmp_path, 2, 1), SEALED)
    await rotation.rewrap(batch=1)

    left = await sampler.rows("SELECT case_id FROM vault.identity WHERE master = 'master-1'")
    await pool.close()
    assert left == [broken]


async def test_a_running_sampler_rotates_by_itself_and_counts_what_is_left(sampler_at, new_database, tmp_path):
    database = await new_database(LOG, SAMPLER)
    async with sampler_at(database) as sampler:
        await sampler.define()
        await planted(sampler)
    rotated = master_keys_file(tmp_path, 2, 1, name="rotated.keys")
    async with sampler_at(database, master_keys=rotated) as sampler:

        async def done() -> bool:
            return await masters(sampler) == {"master-2"}

        await eventually(done, what="everything under the new master key")
        metrics = (await sampler.client.get("/metrics")).text
    assert "stickprov_sampler_sealed_by_older_keys" in metrics


# What an older release kept in clear


async def made_old(sampler, folder: Path) -> None:
    """Put everything back into the clear as the release before this one had it."""
    (row,) = await sampler.rows("SELECT data FROM event WHERE type = $1", type_name(FrameFrozen))
    frame = FrameFrozen.model_validate_json(row["data"])
    clear = await in_clear_again(sampler.database.superuser_url, sampler.settings.sealing, sampler.vault_folder, frame)
    assert clear.is_file()
    assert folder == sampler.vault_folder


async def test_what_an_older_release_kept_in_clear_is_sealed_at_the_start(sampler_at, new_database):
    database = await new_database(LOG, SAMPLER)
    async with sampler_at(database) as sampler:
        await sampler.define()
        draw = await planted(sampler)
        before, keys = await sampler.identities(), await sampler.series_keys()
        await made_old(sampler, sampler.vault_folder)
        assert set(found_in(await dump_of(sampler))) >= {"staff", "mail", "note", "seed"}
        assert not await sampler.identities()

    for _ in range(2):  # a second start finds nothing more to do
        async with sampler_at(database) as sampler:
            assert found_in(await dump_of(sampler)) == []
            assert [file for file in sampler.files() if found_in(file.read_bytes())] == []
            assert not list(sampler.vault_folder.glob("*.parquet"))
            assert await sampler.identities() == before
            assert await sampler.series_keys() == keys
            (person,) = (await sampler.get("/v1/staff")).json()
            assert person["name"] == PLANTED["staff"]
            (replaced,) = (await sampler.get(f"/v1/draws/{draw['draw']}/replacements")).json()
            assert replaced["note"] == PLANTED["note"]
    async with sampler_at(database) as sampler:
        assert (await sampler.drawn(n=3, seed=SEED))["drawn"] == 3
        assert UUID(draw["draw"]) in {row["draw"] for row in await sampler.rows("SELECT draw FROM vault.drawn_case")}


async def test_a_row_that_somebody_puts_among_those_of_an_older_release_is_not_taken_for_who_a_case_is(
    sampler_at, new_database
):
    # given: somebody who may write as the database's owner, and has neither the master key nor a series' key
    database = await new_database(LOG, SAMPLER)
    async with sampler_at(database) as sampler:
        await sampler.define()
        await planted(sampler)
        before = await sampler.identities()
        (unit, other, *_) = sorted(before)
        case = before[unit].case
        await sampler.tamper("DELETE FROM vault.identity WHERE case_id = $1", case)
        await sampler.tamper(
            "INSERT INTO vault.clear_case_identity SELECT $1, series, 'ANNAN', '{}' FROM vault.identity LIMIT 1", case
        )

    async with sampler_at(database) as sampler:
        after = await sampler.identities()
        assert unit not in after
        assert case not in {one.case for one in after.values()}
        assert after[other] == before[other]
        assert await sampler.rows("SELECT FROM vault.clear_case_identity") == []
