"""The sampler's settings: environment variables ``STICKPROV_SAMPLER_<NAME>``."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import SettingsConfigDict

from stickprov_kernel.log.settings import LogSettings


class SamplerSettings(LogSettings):
    """What the sampler can be told, beside what every service with a log of its own can."""

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
    smtp_host: str | None = Field(
        None, description="Mail server that takes notices to reviewers; none are sent when there is none."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How to speak to the mail server: in the clear first, over TLS, or in the clear alone."
    )
    smtp_sender: str = Field(
        "stickprov@localhost", pattern=r"^[^\s@]+@[^\s@]+$", description="Address that notices come from."
    )
    smtp_user: str | None = Field(None, description="Whom to sign in to the mail server as, if at all.")
    smtp_password_file: Path | None = Field(
        None, validate_default=True, description="File with that user's password; it may be replaced any time."
    )
    notice_queue: str = Field(
        "http://127.0.0.1:8800/queue",
        pattern=r"^https?://\S+$",
        description="Address of the queue in the web client, as notices have it.",
    )
    notice_language: Literal["sv", "en"] = Field("sv", description="Language of the notices.")
    erasure_minutes: int = Field(
        60,
        ge=0,
        le=10_080,
        description="Minutes between two looks for what is due to be erased; 0 leaves it to the command and the page.",
    )
    upload_limit: int = Field(200_000_000, ge=1, description="Bytes that a register file may have.")
    engine_memory: str = Field(
        "512MB", pattern=r"^[1-9][0-9]*(MB|GB)$", description="Memory that one import or draw may use before it spills."
    )

    @field_validator("smtp_password_file")
    @classmethod
    def _a_user_has_a_password(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if (value is None) != (info.data.get("smtp_user") is None):
            raise ValueError("Name a user and the file with their password, or neither.")
        return value
