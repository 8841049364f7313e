"""The sampler's settings: environment variables ``STICKPROV_SAMPLER_<NAME>``."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from stickprov_kernel.settings import ServiceSettings


class SamplerSettings(ServiceSettings):
    """What the sampler can be told, beside what every service can."""

    model_config = SettingsConfigDict(env_prefix="STICKPROV_SAMPLER_")

    frame_folder: Path = Field(
        description="Folder of the frame files (pseudonyms only); the same for all replicas, in the backup."
    )
    vault_folder: Path = Field(
        description="Folder of the identity files and of uploads while they are read; for the service alone."
    )
    findings_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s?#]+$",
        description="Base URL of the findings API, which says whether a reviewer may see who a case is. Without it, "
        "reviewers see their own cases and those that anybody may review.",
    )
    upload_limit: int = Field(200_000_000, ge=1, description="Bytes that a register file may have.")
    engine_memory: str = Field(
        "512MB", pattern=r"^[1-9][0-9]*(MB|GB)$", description="Memory that one import or draw may use before it spills."
    )
