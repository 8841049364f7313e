"""A real mail server for tests, on the loopback address."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller

from stickprov_local.ports import LOOPBACK, free_port

FULL = "full.example"
"""A domain whose mailboxes are full."""


class Letters:
    """What the server took; it takes nothing for the domain whose mailboxes are full.

    Attributes:
        taken: whom each letter went to, and the letter. port: the server's.
    """

    def __init__(self, port: int) -> None:
        self.taken: list[tuple[list[str], EmailMessage]] = []
        self.port = port

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - the library's name
        if address.endswith(f"@{FULL}"):
            return "452 4.2.2 Mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the library's name
        self.taken.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[Letters]:
    """Run the server, and give what it takes."""
    letters = Letters(free_port())
    server = Controller(letters, hostname=LOOPBACK, port=letters.port)
    server.start()
    try:
        yield letters
    finally:
        server.stop()
