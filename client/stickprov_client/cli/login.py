"""`stickprov login` and `logout`: being somebody, in a stack on this machine or at the organisation's provider."""

import asyncio
import webbrowser
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.markup import escape

from stickprov_client.api import discover
from stickprov_client.api.discovery import CommandSignIn
from stickprov_client.cli.console import stderr, stdout
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.loopback import Loopback
from stickprov_client.cli.session import DEFAULT_DATA, Session, read_token, session_of
from stickprov_client.cli.session_file import Remembered, forget, remember, remember_file, remembered, sign_in_of
from stickprov_client.signing_in.provider import Begun, SignInRefused
from stickprov_contracts.openid.asking import ProviderError

_PATIENCE_SECONDS: Final = 300.0


def login(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Option(
            "--as",
            help="In a stack on this machine: coordinator, reviewer-01 to reviewer-12, protected-reviewer, board, "
            "auditor or ops.",
        ),
    ] = None,
    data: Annotated[Path, typer.Option("--data", help="Folder with that stack's data.")] = DEFAULT_DATA,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the browser; else the address is printed.")
    ] = True,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port that the browser comes back to; 0 is any.")
    ] = 0,
    issuer: Annotated[str | None, typer.Option("--issuer", help="OpenID provider; else the stack tells.")] = None,
    client_id: Annotated[str | None, typer.Option("--client-id", help="Client of --issuer.")] = None,
) -> None:
    """Be somebody from now on: at your organisation's sign-in, or with --as in a stack on this machine."""
    session = session_of(context)
    if name is not None:
        token_file = (data / "tokens" / f"{name}.jwt").absolute()
        read_token(token_file)
        remember_file(name, token_file)
    else:
        name = asyncio.run(_sign_in(session, _chosen(issuer, client_id), browser=browser, port=port))
    stdout().print(escape(session.say("You are now {name}.").format(name=name)))


def logout(context: typer.Context) -> None:
    """Be nobody: end the tokens at the provider, and forget them here."""
    try:
        who = remembered()
    except BadInput:
        who = None
    if isinstance(who, Remembered):
        try:
            asyncio.run(sign_in_of(who.sign_in).revoke(who.tokens))
        except ProviderError as error:
            said = session_of(context).say("The provider could not be told ({reason}).")
            stderr().print(escape(said.format(reason=error)))
    forget()
    stdout().print(escape(session_of(context).say("You are signed out.")))


def _chosen(issuer: str | None, client_id: str | None) -> CommandSignIn | None:
    if (issuer is None) != (client_id is None):
        raise BadInput("Give both of --issuer and --client-id, or neither.")
    if issuer is None or client_id is None:
        return None
    return CommandSignIn(issuer=issuer, client_id=client_id, scopes="openid profile offline_access")


async def _sign_in(session: Session, told: CommandSignIn | None, *, browser: bool, port: int) -> str:
    told = told or (await discover(session.url)).sign_in
    if told is None:
        raise BadInput(
            "This stack tells of no sign-in for the command. On a stack of this machine: stickprov login --as "
            "coordinator. Else give --issuer and --client-id, or have STICKPROV_WEB_COMMAND_CLIENT_ID set."
        )
    provider = sign_in_of(told)
    state = Begun("").state
    said = session.say("You are signed in. Close this page and go back to the command.")
    with Loopback(state, said, port) as loopback:
        begun = Begun(loopback.address, state)
        try:
            _show(session, await provider.address(begun), browser=browser)
            answer = await asyncio.to_thread(loopback.answer, _PATIENCE_SECONDS)
            if answer is None:
                raise BadInput("Nobody came back from the sign-in within 5 minutes. Run the command again.")
            tokens, claims = await provider.finish(begun, answer)
        except SignInRefused as error:
            raise BadInput(f"The organisation's sign-in refused: {error.code}. Nobody is signed in.") from None
        except ProviderError as error:
            raise BadInput(f"The organisation's sign-in cannot be used: {error}.") from None
    name = str(claims.get("preferred_username") or claims.get("sub"))
    remember(Remembered(name, session.url, told, tokens))
    return name


def _show(session: Session, address: str, *, browser: bool) -> None:
    opened = browser and webbrowser.open(address)
    said = session.say("Sign in in the browser that opens. If none does:") if opened else session.say("Sign in here:")
    stderr().print(escape(said))
    stderr().print(escape(address), soft_wrap=True)
