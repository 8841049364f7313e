"""Free ports."""

import socket

from stickprov_local.ports import LOOPBACK, free_port, is_free


def test_a_port_somebody_listens_on_is_not_free_and_another_is_given():
    with socket.create_server((LOOPBACK, 0)) as server:
        taken = server.getsockname()[1]

        given = free_port(preferred=taken)

        assert not is_free(taken)
        assert given != taken
        assert is_free(given)


def test_a_free_preferred_port_is_given():
    wished = free_port()

    assert free_port(preferred=wished) == wished
