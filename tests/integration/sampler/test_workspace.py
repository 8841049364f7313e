"""Workspaces hold registers in clear text: they go, one way or the other."""

import subprocess
import sys

import duckdb
import pytest

from stickprov_sampler.adapters.duck import engine
from stickprov_sampler.adapters.workspace import sweep, workspace


def test_a_workspace_is_ours_alone_and_goes_with_its_work(tmp_path):
    with workspace(tmp_path) as work:
        (work / "register.csv").write_text("Namn")
        assert work.stat().st_mode & 0o777 == 0o700
    assert not work.exists()


def test_a_workspace_goes_when_the_work_fails(tmp_path):
    def work_that_fails():
        with workspace(tmp_path) as work:
            (work / "register.csv").write_text("Namn")
            raise ValueError("no register")

    with pytest.raises(ValueError, match="no register"):
        work_that_fails()
    assert not list((tmp_path / ".work").iterdir())


def test_what_a_killed_process_left_is_swept_and_what_is_in_use_is_not(tmp_path):
    left_behind = (
        "import os, signal, sys; from pathlib import Path; from stickprov_sampler.adapters.workspace import workspace\n"
        "with workspace(Path(sys.argv[1])) as work:\n"
        "    (work / 'register.csv').write_text('Namn')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", left_behind, str(tmp_path)], check=False)
    (left,) = (tmp_path / ".work").iterdir()
    with workspace(tmp_path) as in_use:
        assert sweep(tmp_path) == 1
        assert in_use.exists()
    assert not left.exists()


def test_the_engine_touches_its_own_folders_only(tmp_path):
    own, foreign = tmp_path / "own", tmp_path / "foreign"
    own.mkdir()
    foreign.mkdir()
    (foreign / "a.csv").write_text("a\n1\n")
    with (
        engine(own / "spill", [own], memory="64MB") as connection,
        pytest.raises(duckdb.PermissionException),
    ):
        connection.execute(f"FROM read_csv('{foreign / 'a.csv'}')")


def test_a_statement_cannot_open_the_engine_up_again(tmp_path):
    with (
        engine(tmp_path / "spill", [], memory="64MB") as connection,
        pytest.raises(duckdb.InvalidInputException),
    ):
        connection.execute("SET enable_external_access = true")
