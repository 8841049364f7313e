"""The script that makes the databases of ``docker-compose.yml``, run by a real PostgreSQL as the image runs it."""

import base64
import hashlib
import hmac
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from stickprov_local import postgres
from support.composed import DEPLOY, make_secrets
from support.postgres import PostgresServer, running_postgres

_SERVICES = ("sampler", "findings", "reporting")
_BINARIES = postgres._binaries()


@dataclass(frozen=True)
class Prepared:
    server: PostgresServer
    passwords: Path

    def run(self, passwords: Path | None = None) -> subprocess.CompletedProcess[str]:
        socket = parse_qs(urlsplit(self.server.url()).query)["host"][0]
        environment = os.environ | {
            "PATH": f"{_BINARIES}:{os.environ['PATH']}",
            "PGHOST": socket,
            "ROLES_FILE": str(passwords or self.passwords),
        }
        script = [DEPLOY / "postgres" / "databases.sh"]
        return subprocess.run(script, env=environment, capture_output=True, text=True, check=False)

    def password_of(self, role: str) -> str:
        lines = [line.split(":") for line in self.passwords.read_text().splitlines()]
        return next(line[4] for line in lines if line[3] == role)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, session_folder: Path) -> Iterator[Prepared]:
    secrets = make_secrets(tmp_path_factory.mktemp("secrets")).folder
    # A server of its own: the script makes roles, which all databases of a server share.
    with running_postgres(session_folder / "composed") as server:
        prepared = Prepared(server, secrets / "postgres-roles")
        done = prepared.run()
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        yield prepared


async def test_each_service_has_a_database_that_its_two_roles_alone_may_enter(prepared):
    may_enter = """
        SELECT datname, array_agg(rolname::text ORDER BY rolname) FROM pg_database, pg_roles
        WHERE has_database_privilege(rolname, datname, 'CONNECT') AND rolname LIKE 'stickprov%'
          AND datallowconn
        GROUP BY 1 ORDER BY 1"""
    connection = await asyncpg.connect(prepared.server.url())
    try:
        entering = dict(await connection.fetch(may_enter))
        owners = await connection.fetch("SELECT datname, pg_get_userbyid(datdba) FROM pg_database")
        mighty = await connection.fetch(
            "SELECT rolname FROM pg_roles WHERE (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls)"
        )
    finally:
        await connection.close()

    assert entering == {f"stickprov_{name}": [f"stickprov_{name}", f"stickprov_{name}_owner"] for name in _SERVICES}
    assert {f"stickprov_{name}": f"stickprov_{name}_owner" for name in _SERVICES}.items() <= dict(owners).items()
    assert [role for (role,) in mighty] == ["postgres"]


@pytest.mark.parametrize("service", _SERVICES)
async def test_a_services_role_makes_no_large_object(prepared, service):
    connection = await asyncpg.connect(prepared.server.url(f"stickprov_{service}", f"stickprov_{service}"))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("SELECT lo_create(0)")
    finally:
        await connection.close()


async def test_passwords_are_those_of_the_files_and_are_kept_as_scram_alone(prepared):
    connection = await asyncpg.connect(prepared.server.url())
    try:
        kept = dict(
            await connection.fetch("SELECT rolname, rolpassword FROM pg_authid WHERE rolname LIKE 'stickprov%'")
        )
    finally:
        await connection.close()

    assert len(kept) == 6
    for role, verifier in kept.items():
        mechanism, parameters, keys = verifier.split("$")
        iterations, salt = parameters.split(":")
        salted = hashlib.pbkdf2_hmac(
            "sha256", prepared.password_of(role).encode(), base64.b64decode(salt), int(iterations)
        )
        client_key = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
        assert (mechanism, base64.b64decode(keys.split(":")[0])) == ("SCRAM-SHA-256", client_key)


def test_a_role_without_a_password_is_told_and_ends_it(prepared, tmp_path):
    without = tmp_path / "roles"
    without.write_text("*:*:*:somebody_else:1234\n")

    refused = prepared.run(without)

    assert refused.returncode == 1
    assert "has no line for stickprov_sampler; run make-secrets again" in refused.stderr


def test_postgresql_takes_its_settings(tmp_path):
    # The embedded server is built without TLS; what of the settings is about it is left out here.
    settings = (DEPLOY / "postgres" / "postgresql.conf").read_text()
    file = tmp_path / "postgresql.conf"
    file.write_text("".join(line for line in settings.splitlines(keepends=True) if not line.startswith("ssl")))

    told = {
        name: subprocess.run(
            [_BINARIES / "postgres", "-C", name, "-D", tmp_path, "-c", f"config_file={file}"],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.strip()
        for name in ("hba_file", "password_encryption", "log_parameter_max_length", "fsync")
    }

    assert told == {
        "hba_file": "/etc/stickprov/pg_hba.conf",
        "password_encryption": "scram-sha-256",
        "log_parameter_max_length": "0",
        "fsync": "on",
    }
