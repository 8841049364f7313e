"""A real service whose log cannot go on ends, so that a supervisor can start it anew."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from stickprov_findings.adapters.sql.migrations import FOLDERS
from stickprov_kernel.database.migrations import migrate
from support.master_keys import master_keys_file
from support.postgres import Database
from support.tokens import AUDIENCE, ISSUER, STAFF_KEY, issuer

PATIENCE = 60


@pytest.fixture
async def database(new_database) -> Database:
    database = await new_database()
    await migrate(database.owner_url, database.service_role, FOLDERS)
    return database


async def damage_tree(database: Database) -> None:
    """Write a tree of three leaves with the subtrees of another size, as only a superuser or a bad disk could."""
    connection = await asyncpg.connect(database.superuser_url)
    await connection.execute(
        "INSERT INTO ledger (position, event_id, leaf_hash, chain_hash) "
        "SELECT n, gen_random_uuid(), sha256('l'), sha256('c') FROM generate_series(1, 3) AS n"
    )
    await connection.execute("INSERT INTO tree (size, frontier, root) VALUES (3, sha256('one'), sha256('root'))")
    await connection.close()


async def test_a_service_whose_sequencer_cannot_go_on_ends_with_a_failure_and_says_why(
    database: Database, tmp_path: Path, free_port
):
    await damage_tree(database)
    signer = issuer()
    token = tmp_path / "service.jwt"
    token.write_text(signer.token("service", "service"), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STICKPROV_")} | {
        "STICKPROV_FINDINGS_DATABASE_URL": database.service_url,
        "STICKPROV_FINDINGS_KAFKA_BOOTSTRAP": f"127.0.0.1:{free_port()}",
        "STICKPROV_FINDINGS_TOKEN_ISSUER": ISSUER,
        "STICKPROV_FINDINGS_TOKEN_AUDIENCE": AUDIENCE,
        "STICKPROV_FINDINGS_TOKEN_KEYS": str(signer.keys_file(tmp_path)),
        "STICKPROV_FINDINGS_STAFF_KEY": STAFF_KEY.hex(),
        "STICKPROV_FINDINGS_MASTER_KEYS": str(master_keys_file(tmp_path)),
        "STICKPROV_FINDINGS_SAMPLER_URL": "http://127.0.0.1:9",
        "STICKPROV_FINDINGS_SERVICE_TOKEN": str(token),
        "STICKPROV_FINDINGS_HTTP_PORT": str(free_port()),
    }

    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "stickprov_findings"],
        env=environment,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )

    assert ended.returncode == 1
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert [line["work"] for line in lines if line["event"] == "background-work-ended"] == ["sequencer"]
