"""Letters by SMTP. Off unless the settings name a server.

What must not break: an address goes to the mail server and nowhere else, not into a log line and not into an answer.
"""

import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import ClassVar, Final, Literal

from stickprov_kernel.errors import UnavailableError

_TIMEOUT_SECONDS: Final = 20.0

Security = Literal["none", "starttls", "tls"]


class MailServerUnavailableError(UnavailableError):
    """The mail server did not take anything."""

    code: ClassVar[str] = "mail-server-unavailable"
    title: ClassVar[str] = "The mail server does not answer"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed over.

    Attributes:
        sender: whom letters come from.
        password_file: read at each connection, so that it may be replaced; None to send without signing in.
    """

    host: str
    port: int
    security: Security
    sender: str
    user: str | None = None
    password_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one person."""

    address: str
    subject: str
    body: str


def deliver(server: MailServer, letters: Sequence[Letter]) -> list[bool]:
    """Hand letters over, and return for each whether the server took it. Blocks; run it in a thread.

    Raises:
        MailServerUnavailableError: the server could not be reached or did not let us in; nothing was sent.
    """
    try:
        connection = _connected(server)
    except (OSError, smtplib.SMTPException):
        message = "The mail server could not be reached, or did not let us in. Nothing was sent; ask operations."
        raise MailServerUnavailableError(message) from None
    with connection:
        return [_taken(connection.send_message, server.sender, letter) for letter in letters]


def _connected(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT_SECONDS, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_SECONDS)
    try:
        if server.security == "starttls":
            connection.starttls(context=context)
        if server.user is not None and server.password_file is not None:
            connection.login(server.user, server.password_file.read_text(encoding="utf-8").strip())
    except BaseException:
        connection.close()
        raise
    return connection


def _taken(send: Callable[[EmailMessage], object], sender: str, letter: Letter) -> bool:
    try:
        message = EmailMessage()
        message["From"] = sender
        message["To"] = Address(addr_spec=letter.address)
        message["Subject"] = letter.subject
        message["Date"] = formatdate(localtime=True)
        message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip("> "))
        # RFC 3834: no machine answers this.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        send(message)
    except (smtplib.SMTPException, OSError, ValueError, IndexError):
        # The standard library meets what is no address with whatever its parser happens to raise.
        return False
    return True
