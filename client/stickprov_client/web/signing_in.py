"""The provider of the settings, for these pages and for the command."""

from stickprov_client.api.discovery import CommandSignIn
from stickprov_client.signing_in.provider import Registration, SignIn
from stickprov_client.web.sign_in_settings import SignInSettings
from stickprov_contracts.openid.asking import ProviderError
from stickprov_contracts.openid.token_endpoint import Client


def provider_of(settings: SignInSettings) -> SignIn | None:
    """Return where people sign in; None in a local stack without a provider."""
    issuer, client_id, secret_file = settings.issuer, settings.client_id, settings.client_secret_file
    if issuer is None or client_id is None:
        return None

    def client() -> Client:
        try:
            secret = None if secret_file is None else secret_file.read_text(encoding="utf-8").strip()
        except OSError:
            raise ProviderError("the client's secret cannot be read") from None
        return Client(client_id, secret)

    return SignIn(
        Registration(
            issuer=issuer,
            client=client,
            scopes=settings.scopes,
            resource=settings.resource,
            local=settings.mode == "local",
        )
    )


def sign_in_told(settings: SignInSettings) -> CommandSignIn | None:
    """Return what the command is told of signing in; None where it cannot."""
    if settings.issuer is None or settings.command_client_id is None:
        return None
    return CommandSignIn(
        issuer=settings.issuer,
        client_id=settings.command_client_id,
        scopes=settings.scopes,
        resource=settings.resource,
    )
