"""`stickprov up` becomes the launcher, with the options it was given."""

import signal
import subprocess

import httpx

from support.played_stack import COMMAND
from support.waiting import wait_until


def test_an_option_of_the_launcher_is_passed_on_to_it(short_folder):
    ended = subprocess.run(
        [*COMMAND, "up", "--data", str(short_folder / "data"), "--no-such-option"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert ended.returncode == 2
    assert "--no-such-option" in ended.stderr


def test_up_serves_the_start_page_until_it_is_told_to_stop(short_folder, free_port):
    port = free_port()
    with subprocess.Popen(
        [*COMMAND, "up", "--data", str(short_folder / "data"), "--port", str(port)], stdout=subprocess.DEVNULL
    ) as launcher:
        try:
            wait_until(lambda: answers(port) or launcher.poll() is not None, bound=60, what="the start page")
            assert answers(port)
        finally:
            launcher.send_signal(signal.SIGINT)
        assert launcher.wait(60) == 0


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", timeout=5).status_code == 200
    except httpx.TransportError:
        return False
