"""Who is signed in at this machine's command, in a file that only its owner reads.

What must not break: tokens are in no other file, and the file is never readable by others, not even while it is
written; two commands at once renew the tokens once.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import typer

from stickprov_client.api.discovery import CommandSignIn
from stickprov_client.cli.failure import BadInput
from stickprov_client.signing_in.provider import Registration, SignIn, Tokens
from stickprov_client.signing_in.renewed import RenewedTokens
from stickprov_contracts.openid.token_endpoint import Client


def session_file() -> Path:
    """Where ``login`` remembers the caller: a file in the user's folder for settings."""
    return Path(typer.get_app_dir("stickprov")) / "session.json"


@dataclass(frozen=True)
class Remembered:
    """Somebody who signed in at a provider.

    Attributes:
        name: as people know them. url: the stack that they signed in to; their tokens go nowhere else.
    """

    name: str
    url: str
    sign_in: CommandSignIn
    tokens: Tokens


def sign_in_of(told: CommandSignIn) -> SignIn:
    """Return the provider as the command asks it."""
    return SignIn(
        Registration(
            issuer=told.issuer,
            client=lambda: Client(told.client_id),
            scopes=told.scopes,
            resource=told.resource,
            local=_is_here(told.issuer),
        )
    )


def remember_file(name: str, token_file: Path) -> None:
    """Use this token file from now on. Only its place is kept, never the token."""
    _write({"name": name, "token_file": str(token_file)})


def remember(who: Remembered) -> None:
    """Be this person from now on."""
    _write({"name": who.name, "url": who.url, "sign_in": who.sign_in.model_dump(), "tokens": asdict(who.tokens)})


def remembered() -> Remembered | Path:
    """Return who signed in last, or the token file that they chose.

    Raises:
        BadInput: nobody has logged in.
    """
    try:
        said = json.loads(session_file().read_text(encoding="utf-8"))
        if "token_file" in said:
            return Path(said["token_file"])
        sign_in = CommandSignIn.model_validate(said["sign_in"])
        return Remembered(said["name"], said["url"], sign_in, Tokens(**said["tokens"]))
    except FileNotFoundError:
        raise BadInput(
            "Nobody is signed in. Run: stickprov login --as coordinator (or give --token-file or STICKPROV_TOKEN_FILE)."
        ) from None
    except (ValueError, KeyError, TypeError):
        raise BadInput(f"{session_file()} is damaged. Run: stickprov login --as coordinator") from None


def forget() -> None:
    """Be nobody."""
    session_file().unlink(missing_ok=True)


class KeptTokens(RenewedTokens):
    """The tokens of the file, renewed by one command at a time."""

    def __init__(self, who: Remembered) -> None:
        super().__init__(sign_in_of(who.sign_in), who.tokens, self._remember)
        self._who = who

    async def _ask(self) -> None:
        with _alone():
            known = remembered()
            if isinstance(known, Remembered) and known.tokens.obtained > self.tokens.obtained:
                self.tokens = known.tokens  # another command was first
                return
            await super()._ask()

    def _remember(self, tokens: Tokens) -> None:
        remember(Remembered(self._who.name, self._who.url, self._who.sign_in, tokens))


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other command renews."""
    if sys.platform == "win32":
        yield
        return
    import fcntl  # noqa: PLC0415  # not there on every system

    with session_file().with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(said: object) -> None:
    file = session_file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # mkstemp makes it for its owner alone; the name changes only when all of it is there.
    handle, name = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as beside:
            beside.write(json.dumps(said) + "\n")
        Path(name).replace(file)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def _is_here(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
