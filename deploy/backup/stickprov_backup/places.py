"""Where that lies which a backup has to hold, of services by their own settings. The local stack has ``local.py``.

A setting may be given as a file that holds it: its name with ``_FILE`` behind.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from stickprov_backup.errors import BackupRefusedError
from stickprov_contracts.topics import SOURCES, Source

SERVICES: Final = ("sampler", "findings", "reporting")
SERVER_URLS: Final = "STICKPROV_BACKUP_SERVER_URLS"
FOLDERS: Final = ("frames", "vault")
_SHOWN_DIGITS: Final = 16


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where it lies.

    Attributes:
        servers: URLs of the PostgreSQL servers, each as a role that may replicate; those with logs come first.
        databases: by service, the URL of its database as a role that may read it.
        folders: ``frames`` and ``vault``. around: folders that are lost with them, where no backup may lie.
        keys: by the name it gets in a backup of keys, the file.
        key_texts: likewise, keys that are settings and no files.
        master: by service, its file of master keys.
    """

    of: Literal["local", "services"]
    servers: Sequence[str]
    databases: Mapping[str, str]
    folders: Mapping[str, Path]
    staff_key: str
    around: Sequence[Path] = ()
    keys: Mapping[str, Path] = field(default_factory=dict)
    key_texts: Mapping[str, str] = field(default_factory=dict)
    master: Mapping[Source, Path] = field(default_factory=dict)

    def master_ids(self) -> dict[Source, list[str]]:
        """Return the ids of the master keys that each service has now."""
        return {service: master_ids(path.read_text(encoding="ascii")) for service, path in self.master.items()}

    def staff_key_shown(self) -> str:
        """Return what tells one staff key from another and not what it is."""
        return staff_key_shown(self.staff_key)


def master_ids(text: str) -> list[str]:
    """Return the ids of a file of master keys, the first seals."""
    return [line.split()[0] for line in text.splitlines() if line.strip()]


def staff_key_shown(key: str) -> str:
    """Return the first digits of a staff key's hash."""
    return hashlib.sha256(b"stickprov backup staff key v1" + key.strip().encode()).hexdigest()[:_SHOWN_DIGITS]


def service_places(environment: Mapping[str, str]) -> Places:
    """Return where the services' own settings say that it lies.

    Raises:
        BackupRefusedError: settings are missing; all of them are named.
    """
    settings = _Settings(environment)
    servers = settings.value(SERVER_URLS).split()
    databases = {
        service: settings.given(f"STICKPROV_{service.upper()}_MIGRATION_DATABASE_URL")
        or settings.of(service, "DATABASE_URL")
        for service in SERVICES
    }
    folders = {
        "frames": Path(settings.of("sampler", "FRAME_FOLDER")),
        "vault": Path(settings.of("sampler", "VAULT_FOLDER")),
    }
    master = {service: Path(settings.of(service, "MASTER_KEYS")) for service in SOURCES}
    staff_key = settings.of("sampler", "STAFF_KEY")
    keys = {f"master-{service}.keys": path for service, path in master.items()}
    for service in SOURCES:
        for setting, suffix in (("CHECKPOINT_KEY", "pem"), ("CHECKPOINT_FORMER_KEY", "former.pem")):
            given = settings.given(f"STICKPROV_{service.upper()}_{setting}")
            if given:
                keys[f"checkpoint-{service}.{suffix}"] = Path(given)
    settings.refuse_missing()
    return Places(
        of="services",
        servers=servers,
        databases=databases,
        folders=folders,
        staff_key=staff_key,
        keys=keys,
        key_texts={"staff.key": staff_key},
        master=master,
    )


class _Settings:
    """Reads variables, and remembers which were missing."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._missing: list[str] = []

    def of(self, service: str, name: str) -> str:
        return self.value(f"STICKPROV_{service.upper()}_{name}")

    def value(self, variable: str) -> str:
        given = self.given(variable)
        if not given:
            self._missing.append(variable)
        return given

    def given(self, variable: str) -> str:
        file = self._environment.get(f"{variable}_FILE")
        if variable in self._environment or file is None:
            return self._environment.get(variable, "").strip()
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BackupRefusedError(f"{variable}_FILE: {file} cannot be read ({error.strerror}).") from None

    def refuse_missing(self) -> None:
        if self._missing:
            raise BackupRefusedError(
                f"These settings are missing: {', '.join(self._missing)}. Run this with the settings of the services "
                "(docs/how-to/back-up.md), or name a local stack with --data."
            )
