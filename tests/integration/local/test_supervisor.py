"""Children that are kept running, and that never outlive the launcher."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from stickprov_local.errors import ChildFailedError
from stickprov_local.processes import spawn, stop
from stickprov_local.supervisor import Supervisor
from support.programs import python, runs
from support.waiting import eventually, wait_until

FOREVER = "import signal; signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"

LAUNCHER = """
import signal, sys
from pathlib import Path
from stickprov_local.processes import Program, spawn
folder = Path({folder!r})
child = Program(name="child", arguments=[sys.executable, "-c", {child!r}], log=folder / "child.log", environment={{}})
print(spawn(child).pid, flush=True)
signal.pause()
"""
GUARD_AND_DIE = """
import os, signal, sys
from stickprov_local.warden import Warden
warden = Warden()
left, released = map(int, sys.argv[1:])
warden.guard(left, signal.SIGTERM)
warden.guard(released, signal.SIGTERM)
warden.release(released)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def said():
    return []


@pytest.fixture
async def supervisor(said):
    made = Supervisor(said.append, lambda: None)
    yield made
    await made.stop(list(made.pids()))


async def test_a_killed_child_is_started_again(supervisor, said, tmp_path):
    supervisor.start(python("sampler", FOREVER, tmp_path))
    first = supervisor.pids()["sampler"]
    watching = asyncio.create_task(supervisor.watch())

    os.kill(first, signal.SIGKILL)
    await eventually(_async(lambda: supervisor.pids().get("sampler", first) != first))

    watching.cancel()
    assert said == ["sampler was ended by SIGKILL; starting it again in 0.1 s"]
    assert runs(supervisor.pids()["sampler"])


async def test_a_child_that_keeps_dying_ends_the_watch_with_the_end_of_its_log(supervisor, tmp_path, monkeypatch):
    monkeypatch.setattr("stickprov_local.supervisor._FIRST_WAIT_SECONDS", 0.01)
    supervisor.start(python("findings", "print('no such table: case'); raise SystemExit(1)", tmp_path))

    with pytest.raises(ChildFailedError, match=r"findings ended with exit code 1, the 6th time in a minute") as failure:
        await supervisor.watch()

    assert "no such table: case" in str(failure.value)


async def test_a_child_that_refuses_its_settings_is_not_tried_again(supervisor, said, tmp_path):
    supervisor.start(python("reporting", "print('STAFF_KEY is missing'); raise SystemExit(2)", tmp_path))

    with pytest.raises(ChildFailedError, match=r"reporting refused its settings[^$]*STAFF_KEY is missing"):
        await supervisor.watch()

    assert said == []


async def test_a_child_that_does_not_listen_is_killed(supervisor, said, tmp_path, monkeypatch):
    monkeypatch.setattr("stickprov_local.supervisor._PATIENCE_SECONDS", 0.2)
    supervisor.start(python("web", STUBBORN, tmp_path))
    pid = supervisor.pids()["web"]
    wait_until(lambda: "deaf" in (tmp_path / "web.log").read_text())

    await supervisor.stop(["web"])

    assert not runs(pid)
    assert said == ["web did not stop within 0 s and was killed"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the warden does it")
def test_children_end_when_their_launcher_is_killed(tmp_path):
    launcher = spawn(python("launcher", LAUNCHER.format(folder=str(tmp_path), child=FOREVER), tmp_path))
    log = tmp_path / "launcher.log"
    wait_until(lambda: log.read_text().endswith("\n"))
    child = int(log.read_text())
    assert runs(child)

    launcher.kill()
    launcher.wait()

    wait_until(lambda: not runs(child), what="the child's end")


def test_the_warden_ends_what_its_launcher_left_and_spares_what_was_released(tmp_path):
    left, released = spawn(python("left", FOREVER, tmp_path)), spawn(python("released", FOREVER, tmp_path))

    subprocess.run([sys.executable, "-c", GUARD_AND_DIE, str(left.pid), str(released.pid)], check=False)

    assert left.wait(10) == -signal.SIGTERM
    assert runs(released.pid)
    stop(released, signal.SIGTERM)


def _async(condition):
    async def asynchronous():
        return condition()

    return asynchronous
