"""The web application's settings, from the environment: ``STICKPROV_WEB_<NAME>``."""

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from stickprov_contracts.serving.allowance import proxies_in


class WebSettings(BaseSettings):
    """Where the web application listens, and where the services are."""

    model_config = SettingsConfigDict(env_prefix="STICKPROV_WEB_", frozen=True)

    http_host: str = Field(default="127.0.0.1", description="Address to listen on.")
    http_port: int = Field(default=8800, ge=1, le=65535, description="Port to listen on.")
    sampler_url: str = Field(description="Address of the sampler.")
    findings_url: str = Field(description="Address of findings.")
    reporting_url: str = Field(description="Address of reporting.")
    token: Path = Field(
        description="File with the bearer token that pages read with while nobody is signed in, the board's."
    )
    local_tokens: Path | None = Field(
        default=None,
        description="Folder of token files, one for each account, that anybody at this machine may sign in with. "
        "For the local stack only: there is no password.",
    )
    upload_limit: int = Field(
        default=256 * 1024 * 1024, ge=1, description="Most bytes of a form with a file that are taken."
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses or networks, separated by commas, of proxies whose `X-Forwarded-For` and "
        "`X-Forwarded-Proto` are believed; nobody's when there are none.",
    )
    requests_per_second: float = Field(
        default=50.0,
        ge=0,
        description="Requests that one account, or one address where nobody is signed in, may make in the long run; "
        "0 for any number.",
    )
    requests_at_once: int = Field(
        default=500, ge=1, description="Requests of one of them after a pause, before that counts."
    )
    log_level: str = Field(
        default="info", description="Least severe level that is logged: debug, info, warning, error."
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_addresses(cls, value: str) -> str:
        try:
            return ",".join(proxies_in(value))
        except ValueError:
            raise ValueError("This should be addresses or networks, such as 10.0.0.7 or 10.0.0.0/24.") from None
