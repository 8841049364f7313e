"""What the launcher says when it cannot start as asked."""

import socket
import subprocess
import sys

from stickprov_local.ports import LOOPBACK


def test_a_port_in_use_is_named_with_what_to_do(tmp_path):
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]

        answer = _up("--data", str(tmp_path / "data"), "--port", str(port))

    assert answer.returncode == 2
    assert answer.stderr == (
        f"stickprov: port {port} on 127.0.0.1 is in use; stop what uses it, or choose another with --port\n"
    )


def test_a_data_folder_that_is_a_file_is_named_with_what_to_do(tmp_path):
    (tmp_path / "data").write_text("")

    answer = _up("--data", str(tmp_path / "data"))

    assert answer.returncode == 2
    assert answer.stderr.startswith("stickprov: ")
    assert str(tmp_path / "data") in answer.stderr
    assert "choose another data folder with --data" in answer.stderr


def test_a_descriptor_that_is_not_open_is_refused_before_anything_starts(tmp_path):
    answer = _up("--data", str(tmp_path / "data"), "--ready-json", "77")

    assert answer.returncode == 2
    assert "77 is not an open file descriptor" in answer.stderr
    assert not (tmp_path / "data").exists()


def _up(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "stickprov_local", "up", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
