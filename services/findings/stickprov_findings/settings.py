"""The findings service's settings: environment variables ``STICKPROV_FINDINGS_<NAME>``."""

from pathlib import Path
from typing import Any

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from stickprov_kernel.log.settings import LogSettings


class FindingsSettings(LogSettings):
    """What the findings service can be told, beside what every service with a log of its own can."""

    model_config = SettingsConfigDict(env_prefix="STICKPROV_FINDINGS_")

    sampler_url: str = Field(
        pattern=r"^https?://[^\s?#]+$", description="Base URL of the sampler's API, whose log is read when Kafka lacks."
    )
    draft_days: int = Field(
        90, ge=1, le=3650, description="Days after its last change that a reviewer's draft is kept; then it is deleted."
    )
    # Needed here, this or the client: without it, an event that Kafka lost would stay lost.
    service_token: Path | None = Field(
        None,
        validate_default=True,
        description="File with the bearer token for asking the sampler, unless the issuer gives one; it may be "
        "replaced any time.",
    )

    @field_validator("service_token")
    @classmethod
    def _others_can_be_asked(cls, value: Path | None, info: Any) -> Path | None:  # noqa: ANN401
        if value is None and "service_client_id" in info.data and info.data["service_client_id"] is None:
            raise ValueError("This is required, or a client that the issuer gives tokens to.")
        return value
