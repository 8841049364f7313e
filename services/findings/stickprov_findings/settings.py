"""The findings service's settings: environment variables ``STICKPROV_FINDINGS_<NAME>``."""

from pathlib import Path

from pydantic import Field
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
    # Needed here: without it, an event that Kafka lost would stay lost.
    service_token: Path = Field(
        description="File with the bearer token for reading the sampler's log; it may be replaced any time."
    )
