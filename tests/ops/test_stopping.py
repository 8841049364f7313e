"""However the stack is told to stop, nothing of it is left running."""

import signal
import subprocess
import sys

import pytest

from stickprov_local.ports import free_port
from support.waiting import wait_until


def test_a_stack_stops_in_good_order_whichever_signal_tells_it_to_and_starts_again(new_stack):
    stack = new_stack()
    for told_by in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        stack.start()
        assert stack.left_running() != []

        assert stack.stop(told_by) == 0

        assert stack.is_deserted(), told_by


@pytest.mark.parametrize("told_by", [signal.SIGINT, signal.SIGTERM])
def test_a_stack_told_to_stop_while_it_starts_stops_in_good_order(new_stack, told_by):
    stack = new_stack()
    stack.begin()
    wait_until((stack.data / "logs" / "sampler.log").exists, what="the services' start")

    assert stack.stop(told_by) == 0

    assert stack.is_deserted()


def test_a_killed_launcher_takes_everything_with_it_and_can_be_started_again(stack):
    stack.stop(signal.SIGKILL)

    wait_until(stack.is_deserted, bound=30, what="the end of what the killed launcher had started")
    stack.start()
    assert stack.stop() == 0


def test_a_second_stack_on_the_same_data_is_refused_and_the_first_goes_on(stack):
    port = free_port()

    second = subprocess.run(
        [sys.executable, "-m", "stickprov_local", "up", "--data", str(stack.data), "--port", str(port)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert second.returncode == 2
    assert f"a stack already runs on {stack.data} (process {stack.launcher.pid}, {stack.url})" in second.stderr
    assert stack.launcher.poll() is None
