"""The web application's settings, from the environment: ``STICKPROV_WEB_<NAME>``."""

from pathlib import Path
from typing import Any

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from stickprov_client.web.sign_in_settings import SignInSettings
from stickprov_contracts.openid.addresses import is_loopback, is_safe_address
from stickprov_contracts.serving.allowance import proxies_in
from stickprov_contracts.tracing.tracing import ENDPOINT, SAMPLE, CollectorUrl


class WebSettings(SignInSettings):
    """Where the web application listens, and where the services are."""

    model_config = SettingsConfigDict(env_prefix="STICKPROV_WEB_", frozen=True, env_ignore_empty=True)

    http_host: str = Field(default="127.0.0.1", description="Address to listen on.")
    http_port: int = Field(default=8800, ge=1, le=65535, description="Port to listen on.")
    sampler_url: str = Field(description="Address of the sampler.")
    findings_url: str = Field(description="Address of findings.")
    reporting_url: str = Field(description="Address of reporting.")
    services_url: str | None = Field(
        default=None,
        description="Address below which a proxy hands `/sampler`, `/findings` and `/reporting` on to the services, as "
        "the command is told. Without it, the command is told the three addresses above.",
    )
    certificate: Path | None = Field(
        default=None,
        description="File with the certificate (PEM) that the proxy shows to browsers. It is not used, only watched: "
        "`/metrics` tells when it expires.",
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
    traces_endpoint: CollectorUrl | None = Field(default=None, description=ENDPOINT)
    traces_sample: float = Field(default=0.1, ge=0, le=1, description=SAMPLE)
    log_level: str = Field(
        default="info", description="Least severe level that is logged: debug, info, warning, error."
    )

    @field_validator("http_host")
    @classmethod
    def _local_mode_stays_on_this_machine(cls, value: str, info: Any) -> str:  # noqa: ANN401
        if info.data.get("mode") == "local" and not is_loopback(value):
            raise ValueError("In local mode this should be a loopback address, such as 127.0.0.1.")
        return value

    @field_validator("services_url")
    @classmethod
    def _services_are_reached_safely(cls, value: str | None, info: Any) -> str | None:  # noqa: ANN401
        if value is not None and ("?" in value or not is_safe_address(value, local=info.data.get("mode") == "local")):
            raise ValueError("This should be an https address.")
        return None if value is None else value.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_addresses(cls, value: str) -> str:
        try:
            return ",".join(proxies_in(value))
        except ValueError:
            raise ValueError("This should be addresses or networks, such as 10.0.0.7 or 10.0.0.0/24.") from None
