"""Reporting's settings: environment variables ``STICKPROV_REPORTING_<NAME>``."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from stickprov_kernel.settings import ServiceSettings


class ReportingSettings(ServiceSettings):
    """What reporting can be told, beside what every service can."""

    model_config = SettingsConfigDict(env_prefix="STICKPROV_REPORTING_")

    sampler_url: str = Field(pattern=r"^https?://", description="Base URL of the sampler's API, to read its log from.")
    findings_url: str = Field(
        pattern=r"^https?://", description="Base URL of the findings service's API, to read its log from."
    )
