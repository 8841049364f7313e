"""The option that names a command's collector, and a collector that is away."""

import os
import socket

import pytest

from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.traced import CommandTrace, trace_to, traced
from stickprov_contracts.tracing.spans import current_span
from support.collector import collecting
from support.commands import run_command


def test_without_a_collector_a_command_has_no_trace():
    assert trace_to(None) is trace_to("") is None


def test_what_is_no_collectors_address_is_told_with_the_option():
    with pytest.raises(BadInput, match=r"--traces-endpoint: .*http://127"):
        trace_to("tempo:4318")


def test_a_command_with_a_wrong_collector_ends_with_exit_code_2():
    told = run_command(["queue"], {**os.environ, "STICKPROV_TRACES_ENDPOINT": "tempo:4318"})

    assert (told.returncode, told.stdout) == (2, "")
    assert "--traces-endpoint" in told.stderr


def test_a_command_that_asks_twice_is_one_trace():
    with collecting() as collector:
        trace = CommandTrace(collector.url)
        for _ in range(2):
            with traced("stickprov submit", trace):
                assert current_span() is not None
        trace.close()

    first, second = collector.spans
    assert (first.name, first.parent) == ("stickprov submit", "")
    assert (second.trace, second.parent) == (first.trace, first.id)


def test_a_commands_work_is_done_while_its_collector_is_away():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"
    done = []
    trace = CommandTrace(nowhere)
    with traced("stickprov submit", trace):
        done.append("work")
    trace.close()

    assert done == ["work"]
