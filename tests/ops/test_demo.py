"""The demonstration as a process: played again, interrupted, and with a stack that fails."""

import json
import re
import signal
import socket
import subprocess
from collections import Counter
from pathlib import Path

import psutil
import pytest

from support.played_stack import PlayedStack, playing
from support.waiting import wait_until


def left_running(data: Path) -> list[str]:
    """Return the command lines of processes that know the data folder."""
    found = []
    for process in psutil.process_iter(["cmdline", "environ", "status"]):
        words = process.info["cmdline"] or []
        known = [*words, *(process.info["environ"] or {}).values()]
        if any(str(data) in text for text in known) and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(" ".join(words))
    return found


def printed_until(child: subprocess.Popen[str], pattern: str) -> str:
    told = ""
    for line in child.stdout:
        told += line
        if re.search(pattern, line):
            return told
    pytest.fail(f"{pattern} was never printed:\n{told}")


def test_a_demonstration_that_is_interrupted_leaves_nothing_and_can_be_played_to_its_end(short_folder):
    data = short_folder / "data"
    with playing(data) as child:
        printed_until(child, "Findings has heard")
        child.send_signal(signal.SIGTERM)
        rest = child.stdout.read()
        assert child.wait(60) == 128 + signal.SIGTERM, rest
    assert "nothing is left running" in rest
    assert left_running(data) == []

    with playing(data) as again:
        told = again.stdout.read()
        assert again.wait(60) == 0, told
    assert "Pooled share with a remark" in told
    assert left_running(data) == []

    with playing(data) as third:
        told = third.stdout.read()
        assert third.wait(60) == 0, told
    assert "This folder holds a played demonstration: 509 findings are there already." in told
    assert "12 reviewers submitted 0 findings" in told


def test_ctrl_c_while_it_starts_leaves_nothing(short_folder):
    data = short_folder / "data"
    with playing(data) as child:
        wait_for_child_of(child)
        child.send_signal(signal.SIGINT)
        rest = child.stdout.read()
        assert child.wait(60) == 128 + signal.SIGINT, rest

    assert left_running(data) == []


def test_a_demonstration_that_is_killed_takes_its_stack_with_it(short_folder):
    data = short_folder / "data"
    with playing(data) as child:
        printed_until(child, "Wrote three register files")
        child.kill()
        child.wait(60)

        wait_until(lambda: left_running(data) == [], bound=60, what="nothing is left running")


def test_a_stack_that_does_not_start_is_shown_with_its_last_lines(short_folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with playing(short_folder / "data", port=port) as child:
            told = child.stdout.read()
            assert child.wait(60) == 1

    assert "The stack did not start" in told
    assert f"port {port}" in told


def wait_for_child_of(process: subprocess.Popen[str]) -> None:
    wait_until(lambda: bool(psutil.Process(process.pid).children()), what="the launcher runs")


def test_a_demonstration_leaves_work_for_a_reviewer_and_a_coordinator(short_folder):
    data = short_folder / "data"
    with playing(data, "--keep-running", "yes", leave_work="yes") as child:
        told = printed_until(child, "Still running at")
        stack = PlayedStack(re.search(r"Still running at (\S+)\. ", told)[1], data, told)
        waiting = json.loads(stack.stickprov("assign", "show", "--point", "AMF-2021-4", "--waiting", "--json").stdout)
        plan = json.loads(stack.stickprov("plan", "show", "SN-2021", "--json").stdout)

    assert "Left 36 cases of control point 4 to review" in told
    # Colleagues share what their unit was drawn, so not everybody has as many.
    given = Counter(one["reviewer"] for one in waiting)
    assert (given.total(), len(given), None in given) == (36, 13, False)
    assert [one["control_point"] for one in plan["control_points"]] == ["AMF-2021-3", "AMF-2021-4"]
