"""The web application's settings of sign-in: at a provider, or at this machine with files of tokens in local mode.

What must not break: outside local mode nobody reads or signs in but through the organisation's provider.
"""

from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from stickprov_contracts.openid.addresses import is_safe_address
from stickprov_contracts.openid.claims import Role

LOCAL_ISSUER: Final = "urn:stickprov:local"


class SignInSettings(BaseSettings):
    """Who may read pages, and how they say who they are."""

    mode: Literal["production", "local"] = Field(
        default="production",
        description="`local` for a stack on one machine with an embedded issuer, else `production`.",
    )
    issuer: str | None = Field(
        default=None,
        validate_default=True,
        description="The OpenID provider where people sign in, the `TOKEN_ISSUER` of the services.",
    )
    client_id: str | None = Field(
        default=None, validate_default=True, description="Client that the provider knows this web application as."
    )
    client_secret_file: Path | None = Field(
        default=None,
        validate_default=True,
        description="File with that client's secret; without it, the client is a public one. It may be replaced any "
        "time.",
    )
    base_url: str | None = Field(
        default=None,
        validate_default=True,
        description="Address by which browsers reach this web application; `/sign-in/back` below it is where the "
        "provider sends them back.",
    )
    scopes: str = Field(
        default="openid profile",
        pattern=r"^(\S+ )*openid( \S+)*$",
        description="Scopes to ask for, separated by spaces; some providers renew tokens only with `offline_access`.",
    )
    resource: str | None = Field(
        default=None, description="Resource (RFC 8707) that the tokens are for, where the provider wants to know."
    )
    account_claim: str = Field(
        default="preferred_username", description="Claim of the ID token that people see they are signed in as."
    )
    token_roles_claim: str = Field(default="roles", description="As the services' setting of this name.")
    token_roles: dict[str, Role] = Field(default={}, description="As the services' setting of this name.")
    command_client_id: str | None = Field(
        default=None,
        description="Public client that `stickprov login` signs in as; the command learns it and the issuer from here.",
    )
    token: Path | None = Field(
        default=None,
        validate_default=True,
        description="File with the bearer token that pages read with while nobody is signed in, the board's. For the "
        "local stack only.",
    )
    local_tokens: Path | None = Field(
        default=None,
        validate_default=True,
        description="Folder of token files, one for each account, that anybody at this machine may sign in with. "
        "For the local stack only: there is no password.",
    )

    @field_validator("issuer")
    @classmethod
    def _provider_can_be_asked(cls, value: str | None, info: Any) -> str | None:  # noqa: ANN401
        local = info.data.get("mode") == "local"
        if value is None and not local:
            raise ValueError("Outside local mode people sign in at an OpenID provider; give its issuer.")
        if value == LOCAL_ISSUER and not local:
            raise ValueError(f"{LOCAL_ISSUER} is for local mode alone; give your sign-in's issuer.")
        if value is not None and not is_safe_address(value, local=local):
            raise ValueError("This should be an https address.")
        return value

    @field_validator("client_id", "base_url")
    @classmethod
    def _goes_with_the_issuer(cls, value: str | None, info: Any) -> str | None:  # noqa: ANN401
        if info.data.get("issuer") is not None and not value:
            raise ValueError("Signing in at a provider needs this.")
        return value or None

    @field_validator("base_url")
    @classmethod
    def _base_is_an_address(cls, value: str | None, info: Any) -> str | None:  # noqa: ANN401
        if value is None:
            return None
        if not is_safe_address(value, local=info.data.get("mode") == "local") or "?" in value:
            raise ValueError("This should be an https address.")
        return value.rstrip("/")

    @field_validator("client_secret_file")
    @classmethod
    def _secret_can_be_read(cls, value: Path | None) -> Path | None:
        try:
            if value is not None:
                value.read_bytes()
        except OSError as error:
            raise ValueError(f"This file cannot be read: {error.strerror}.") from None
        return value

    @field_validator("token", "local_tokens")
    @classmethod
    def _without_password_only_locally(cls, value: Path | None, info: Any) -> Path | None:  # noqa: ANN401
        if value is not None and info.data.get("mode") != "local":
            raise ValueError("This is for local mode alone, where one machine is all there is; remove it.")
        if value is not None and info.data.get("issuer") is not None:
            raise ValueError("People sign in at the issuer here; remove this.")
        return value

    @property
    def is_over_tls(self) -> bool:
        """Whether browsers come by https alone."""
        return self.base_url is not None and self.base_url.startswith("https://")
