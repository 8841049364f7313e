"""Whose tokens a service believes, and the token it shows to other services.

What must not break: the local stack's issuer is believed nowhere but in local mode; a provider is asked over TLS, but
for one on this very machine in local mode.
"""

import json
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from stickprov_contracts.openid.addresses import is_safe_address
from stickprov_contracts.openid.claims import Role
from stickprov_kernel.settings_from_files import NotGiven, SettingsFromFiles

LOCAL_ISSUER: Final = "urn:stickprov:local"


class TokenSettings(BaseSettings):
    """Settings of tokens, those that are believed and the service's own."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    mode: Literal["production", "local"] = Field(
        "production", description="`local` for a stack on one machine with an embedded issuer, else `production`."
    )
    token_issuer: str = Field(
        min_length=1,
        description="Issuer (`iss`) whose tokens are believed: the address of the organisation's OpenID provider.",
    )
    token_audience: str = Field("stickprov", min_length=1, description="Audience (`aud`) that a token must be for.")
    token_keys: Path | None = Field(
        None,
        validate_default=True,
        description="File with the issuer's public keys (JWK set); it may be replaced any time. Without it the issuer "
        "itself is asked for them (OpenID Connect Discovery).",
    )
    token_roles_claim: str = Field(
        "roles",
        pattern=r"^\S{1,200}$",
        description="Claim with the caller's roles, or the path to it: `realm_access.roles`.",
    )
    token_roles: dict[str, Role] = Field(
        default={},
        description="Our role by the provider's name for it, as JSON; empty where the provider uses our names.",
    )
    token_subject_claim: str = Field(
        "sub",
        pattern=r"^\S{1,200}$",
        description="Claim with the name that registers and staff lists know somebody by. A service may lack it and "
        "goes by its `sub`.",
    )
    service_client_id: str | None = Field(
        None,
        min_length=1,
        description="Client that the service gets its own token as, from the issuer (client credentials), renewed "
        "before it expires; else `service_token`.",
    )
    service_client_secret_file: Path | None = Field(
        None, validate_default=True, description="File with that client's secret; it may be replaced any time."
    )
    service_token_scope: str | None = Field(None, description="Scope to ask for with it, where the issuer wants one.")
    service_token_resource: str | None = Field(
        None, description="Resource (RFC 8707) to ask for with it, where the issuer wants one."
    )
    service_token: Path | None = Field(
        None, description="File with the bearer token for reading other services' logs; it may be replaced any time."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # no service reads such a file
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # nor a folder of them
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from the environment, or from files that it names."""
        return init_settings, SettingsFromFiles(settings_cls), env_settings

    @field_validator("*", mode="before")
    @classmethod
    def _files_gave_a_value(cls, value: Any) -> Any:  # noqa: ANN401  # pydantic hands over what it has
        if isinstance(value, NotGiven):
            raise ValueError(value.why)  # noqa: TRY004  # a fault of the setting, as pydantic knows one
        return value

    @field_validator("token_issuer")
    @classmethod
    def _local_issuer_stays_local(cls, value: str, info: Any) -> str:  # noqa: ANN401  # pydantic's type is generic
        if value == LOCAL_ISSUER and info.data.get("mode") != "local":
            raise ValueError(f"{LOCAL_ISSUER} is for local mode alone; give your sign-in's issuer.")
        return value

    @field_validator("token_keys")
    @classmethod
    def _token_keys_are_public(cls, value: Path | None, info: Any) -> Path | None:  # noqa: ANN401
        if value is None:
            _provider_can_be_asked(info.data, "Without a file of keys")
            return None
        try:
            keys = json.loads(value.read_bytes())["keys"]
        except OSError as error:
            raise ValueError(f"This file cannot be read: {error.strerror}.") from None
        except (ValueError, LookupError, TypeError):
            raise ValueError("This file holds no JWK set.") from None
        if not isinstance(keys, list) or not keys or not all(isinstance(key, dict) for key in keys):
            raise ValueError("This file holds no JWK set with a key.")
        if any("d" in key for key in keys):
            raise ValueError("This file holds a private key; give the public ones alone.")
        return value

    @field_validator("service_client_id")
    @classmethod
    def _a_client_has_a_provider(cls, value: str | None, info: Any) -> str | None:  # noqa: ANN401
        if value is not None:
            _provider_can_be_asked(info.data, "For a token of its own")
        return value

    @field_validator("service_client_secret_file")
    @classmethod
    def _secret_belongs_to_a_client(cls, value: Path | None, info: Any) -> Path | None:  # noqa: ANN401
        if "service_client_id" not in info.data:
            return value
        if (value is None) != (info.data["service_client_id"] is None):
            raise ValueError("A client's id and the file with its secret are given together.")
        try:
            if value is not None:
                value.read_bytes()
        except OSError as error:
            raise ValueError(f"This file cannot be read: {error.strerror}.") from None
        return value

    def read_service_token(self) -> str:
        """Return the service token as the file has it now.

        Raises:
            OSError: there is no such file.
        """
        if self.service_token is None:
            name = f"{self.model_config.get('env_prefix', '')}SERVICE_TOKEN"
            raise FileNotFoundError(f"{name} is not set.")
        return self.service_token.read_text(encoding="utf-8").strip()


def _provider_can_be_asked(given: dict[str, Any], why: str) -> None:
    issuer = given.get("token_issuer")
    if issuer is None:
        return  # that is said of the issuer itself
    if not is_safe_address(issuer, local=given.get("mode") == "local"):
        raise ValueError(f"{why} the issuer must be an https address.")
