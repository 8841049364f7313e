"""One stack per data folder."""

import os
import signal
import subprocess
import sys

import pytest

from stickprov_local.errors import StackRefusedError
from stickprov_local.folders import DataFolder
from stickprov_local.occupancy import occupied

HOLD = (
    "import os, signal, subprocess, sys\n"
    "from pathlib import Path\n"
    "from stickprov_local.folders import DataFolder\n"
    "from stickprov_local.occupancy import occupied\n"
    "with occupied(DataFolder(Path(sys.argv[1])), 'http://127.0.0.1:8800') as lock:\n"
    "    child = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE, pass_fds=(lock,))\n"
    "    print('held', flush=True)\n"
    "    signal.pause()\n"
)


@pytest.fixture
def folder(tmp_path):
    made = DataFolder(tmp_path / "data")
    made.make()
    return made


@pytest.fixture
def holder(folder):
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(folder.root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_second_stack_on_the_same_data_is_refused_and_told_who_is_first(folder, holder):
    expected = rf"a stack already runs on .*data \(process {holder.pid}, http://127.0.0.1:8800\)"

    with pytest.raises(StackRefusedError, match=expected), occupied(folder, "http://127.0.0.1:8801"):
        pass


def test_a_stack_waits_for_the_children_that_a_killed_one_left(folder, holder):
    # The holder's child ends when its standard input does, a moment after the holder.
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()

    with occupied(folder, "http://127.0.0.1:8801") as lock:
        signed = os.pread(lock, 100, 0).decode()

    assert signed == f'{{"pid": {os.getpid()}, "url": "http://127.0.0.1:8801"}}'


def test_the_data_are_free_again_afterwards(folder):
    with occupied(folder, "http://127.0.0.1:8800"):
        pass
    with occupied(folder, "http://127.0.0.1:8800") as lock:
        assert lock > 0
