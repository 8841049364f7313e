"""Nothing goes to a database on another machine in the clear, however its connection string is written."""

from pathlib import Path

import pytest

from stickprov_kernel.database.access import goes_unprotected, root_certificate_of


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://u:p@localhost/db",
        "postgresql://u@127.0.0.1:5432/db",
        "postgresql://u@[::1]:5432/db",
        "postgresql://u@/db?host=%2Frun%2Fpostgresql",
        "postgresql://u@%2Frun%2Fpostgresql/db",
        "postgresql:///db",
        "postgresql://u:p@db.example/db?sslmode=verify-full&sslrootcert=/etc/ca.pem",
        "postgres://u@one.example,two.example/db?sslmode=verify-full",
    ],
)
def test_this_machine_and_verified_tls_are_protected(dsn: str):
    assert not goes_unprotected(dsn)


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://u:p@db.example/db",
        "postgresql://u:p@ss@db.example/db",
        "postgresql://u@localhost,db.example/db",
        "postgresql://u@/db?host=db.example",
        "postgresql://u@[2001:db8::1]:5432/db",
        "postgresql://u@10.0.0.7/db?sslmode=require",
        "postgresql://u@db.example/db?sslmode=verify-ca",
        "postgresql://u@db.example/db?sslmode=prefer",
        "postgresql://u@db.example/db?sslmode=disable",
    ],
)
def test_another_machine_without_verified_tls_is_not(dsn: str):
    assert goes_unprotected(dsn)


def test_what_the_environment_says_counts_too(monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example")
    assert goes_unprotected("postgresql:///db")
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    assert not goes_unprotected("postgresql:///db")
    assert goes_unprotected("postgresql:///db?sslmode=require")


@pytest.mark.parametrize("dsn", ["host=db.example dbname=db", "mysql://u@localhost/db", ""])
def test_what_is_no_connection_string_is_refused(dsn: str):
    with pytest.raises(ValueError, match="postgresql://user@host/database"):
        goes_unprotected(dsn)


@pytest.mark.parametrize(
    ("options", "file"),
    [("", None), ("?sslmode=verify-full&sslrootcert=/etc/ca.pem", Path("/etc/ca.pem")), ("?sslrootcert=system", None)],
)
def test_the_file_that_vouches_for_the_server_is_the_one_that_the_connection_string_names(options, file):
    assert root_certificate_of(f"postgresql://anna@db.example/x{options}") == file
