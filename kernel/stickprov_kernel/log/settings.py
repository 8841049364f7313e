"""Settings of a service that has a log of its own: who signs its checkpoints, how often, and what seals its texts."""

from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationInfo, field_validator, model_validator

from stickprov_kernel.log.keys import read_signing_key
from stickprov_kernel.log.notes import SigningKey
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_kernel.settings import ServiceSettings

_ORIGIN: Final = "stickprov.local/"


class LogSettings(ServiceSettings):
    """What a service with a log of its own can be told, beside what every service can."""

    master_keys: Path = Field(
        description="File with the master keys that seal what identifies a person (`<id> <64 hex digits>` a line, the "
        "first is current), readable by the service alone; it may be replaced any time."
    )
    checkpoint_origin: str = Field(
        f"{_ORIGIN}<service>",
        max_length=200,
        pattern=r"^[^\s+\x00-\x1f]+$",
        description="Name of the log in its checkpoints and of the keys that sign them: an address without scheme that "
        "no other log in the world has, such as `kontroll.example.se/sampler`. Never changed.",
    )
    checkpoint_key: Path | None = Field(
        None,
        description="File with the private key that signs checkpoints (Ed25519, PEM, readable by the service alone); "
        "without it, nothing is signed.",
    )
    checkpoint_former_key: Path | None = Field(
        None,
        description="File with the key before that one; needed once, when the key is changed, so that it names the "
        "new one.",
    )
    checkpoint_minutes: float = Field(
        5.0, gt=0, description="Minutes between two checkpoints of a log that grows; closing a period makes one too."
    )

    verification_hours: float = Field(
        24.0,
        ge=0,
        description="Hours between two times that the service reads its whole log again by itself and compares it with "
        "its hashes; 0 for never.",
    )

    @property
    def sealing(self) -> Sealing:
        """What seals with the master keys; who keeps it notices when the file changes."""
        return Sealing.of_file(self.master_keys)

    @property
    def signing_key(self) -> SigningKey | None:
        """The key that signs, if there is one."""
        return read_signing_key(self.checkpoint_key, self.checkpoint_origin) if self.checkpoint_key else None

    @property
    def former_signing_key(self) -> SigningKey | None:
        """The key that signed before, if it was given."""
        path = self.checkpoint_former_key
        return read_signing_key(path, self.checkpoint_origin) if path else None

    @model_validator(mode="before")
    @classmethod
    def _name_log_after_service(cls, given: Any) -> Any:  # noqa: ANN401  # pydantic hands over what it has
        return {"checkpoint_origin": f"{_ORIGIN}{cls.service()}"} | given if isinstance(given, dict) else given

    @field_validator("master_keys")
    @classmethod
    def _keys_can_seal(cls, value: Path) -> Path:
        Sealing.of_file(value)
        return value

    @field_validator("checkpoint_key", "checkpoint_former_key")
    @classmethod
    def _keys_can_sign(cls, value: Path | None) -> Path | None:
        if value is not None:
            read_signing_key(value, "any")
        return value

    @field_validator("checkpoint_former_key")
    @classmethod
    def _a_former_key_has_a_successor(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value is not None and info.data.get("checkpoint_key") is None:
            raise ValueError("This has no effect without the key that signs now.")
        return value
