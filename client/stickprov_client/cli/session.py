"""What every command needs to know: which stack, which language, who is calling."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import typer

from stickprov_client.api import Addresses, Services, discover, open_services
from stickprov_client.api.transport import Token
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.session_file import KeptTokens, remembered
from stickprov_client.cli.traced import CommandTrace, traced
from stickprov_client.language.translations import Language, texts

DEFAULT_PORT: Final = 8800
DEFAULT_URL: Final = f"http://127.0.0.1:{DEFAULT_PORT}"
DEFAULT_DATA: Final = Path(".stickprov")


@dataclass(frozen=True)
class Session:
    """Options that stand before the command.

    Attributes:
        url: the stack's one address.
        token_file: where the bearer token lies, when given on the command line or by the environment.
        trace: of the command; None where nothing is traced.
        command: which one is carried out, without what was given to it.
    """

    url: str = DEFAULT_URL
    language: Language = "sv"
    token_file: Path | None = None
    trace: CommandTrace | None = None
    command: str = "stickprov"

    def say(self, message: str) -> str:
        """Return a text in the session's language."""
        return texts(self.language).gettext(message)

    def token(self) -> Token:
        """Return what gives the caller's bearer token.

        Raises:
            BadInput: nobody is signed in, or not here, or the file cannot be read.
        """
        given = os.environ.get("STICKPROV_TOKEN")
        if self.token_file is not None:
            return _always(read_token(self.token_file))
        if given:
            return _always(given.strip())
        who = remembered()
        if isinstance(who, Path):
            return _always(read_token(who))
        if who.url != self.url:
            raise BadInput(f"You are signed in to {who.url}, not to {self.url}. Run: stickprov --url {self.url} login")
        tokens = KeptTokens(who)
        if tokens.is_over:
            raise BadInput("Your sign-in has ended. Run: stickprov login")
        return tokens


def session_of(context: typer.Context) -> Session:
    """Return the session that the options before the command made."""
    session = context.find_root().obj
    if not isinstance(session, Session):
        raise TypeError("the command was started without its root")
    words = context.command_path.split()[1:]
    return replace(session, command=" ".join(["stickprov", *words]))


@asynccontextmanager
async def signed_in(session: Session) -> AsyncIterator[Services]:
    """Open the services of the session's stack as its caller."""
    token = session.token()
    addresses: Addresses = await discover(session.url)
    with traced(session.command, session.trace):
        async with open_services(addresses, token) as services:
            yield services


def _always(token: str) -> Token:
    return lambda: token


def read_token(file: Path) -> str:
    """Read a token file.

    Raises:
        BadInput: it is not there, or empty.
    """
    try:
        token = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise BadInput(
            f"The token file {file} cannot be read ({reason}). Is the stack's data in another folder? Say where: "
            "stickprov login --as coordinator --data FOLDER. If nothing runs yet: stickprov up"
        ) from None
    if not token:
        raise BadInput(f"The token file {file} is empty. Restart the stack: stickprov up")
    return token
