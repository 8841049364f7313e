"""Reporting's settings: environment variables ``STICKPROV_REPORTING_<NAME>``."""

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from stickprov_kernel.log.notes import NoteError, VerifierKey, read_keys
from stickprov_kernel.settings import ServiceSettings


class ReportingSettings(ServiceSettings):
    """What reporting can be told, beside what every service can."""

    model_config = SettingsConfigDict(env_prefix="STICKPROV_REPORTING_")

    sampler_url: str = Field(pattern=r"^https?://", description="Base URL of the sampler's API, to read its log from.")
    findings_url: str = Field(
        pattern=r"^https?://", description="Base URL of the findings service's API, to read its log from."
    )
    trusted_checkpoint_keys: Path | None = Field(
        None,
        description="File with the public keys that sign the logs' checkpoints, one a line as the sources' "
        "`/v1/checkpoints` give them, checked by other means; without it, an audit trusts what the sources say.",
    )

    def read_trusted_keys(self) -> list[VerifierKey] | None:
        """Return the keys as the file has them now, or None where none are given.

        Raises:
            OSError: the file is no longer there.
            NoteError: a line of it is no key.
        """
        if self.trusted_checkpoint_keys is None:
            return None
        return read_keys(self.trusted_checkpoint_keys.read_text(encoding="utf-8"))

    @field_validator("trusted_checkpoint_keys")
    @classmethod
    def _trusted_keys_can_be_read(cls, value: Path | None) -> Path | None:
        if value is None:
            return None
        try:
            keys = read_keys(value.read_text(encoding="utf-8"))
        except OSError as error:
            raise ValueError(f"This file cannot be read: {error.strerror}.") from None
        except (NoteError, UnicodeDecodeError) as error:
            raise ValueError(f"This file is no list of keys: {error}.") from None
        if not keys:
            raise ValueError("This file holds no key.")
        return value
