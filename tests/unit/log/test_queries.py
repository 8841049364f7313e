"""Named statements in files."""

from pathlib import Path

import pytest

from stickprov_kernel.database.queries import load_queries


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # A name of its own for each test: Python remembers packages by name.
    folder = tmp_path / f"statements_{tmp_path.name}"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_each_name_has_its_statement(package: Path):
    (package / "q.sql").write_text("-- intro\n-- name: one\n-- says one\nSELECT 1\n\n-- name: two\nSELECT 2\n")

    assert load_queries(package.name, "q.sql") == {"one": "-- says one\nSELECT 1", "two": "SELECT 2"}


@pytest.mark.parametrize("text", ["-- name: a\nSELECT 1\n-- name: a\nSELECT 2", "-- name: a\n\n-- name: b\nSELECT 2"])
def test_a_name_twice_or_without_statement_is_refused(package: Path, text: str):
    (package / "q.sql").write_text(text)

    with pytest.raises(ValueError, match="'a' stands twice or is empty"):
        load_queries(package.name, "q.sql")
