"""The programs of the three services and the web client, with the settings that the local stack gives each."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from stickprov_local.databases import SERVICES, ServiceDatabase
from stickprov_local.folders import DataFolder
from stickprov_local.keys import ISSUER, Keys
from stickprov_local.ports import LOOPBACK
from stickprov_local.processes import Program

WEB = "web"


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the services find around them.

    Attributes:
        folder: the stack's data.
        keys: whom to believe.
        kafka_bootstrap: the broker's address.
        databases: by service.
        ports: by service, and the web client's.
        keep_open: file descriptors every process keeps, so that the data folder counts as in use until the last ends.
    """

    folder: DataFolder
    keys: Keys
    kafka_bootstrap: str
    databases: Mapping[str, ServiceDatabase]
    ports: Mapping[str, int]
    keep_open: tuple[int, ...] = ()

    def url(self, name: str) -> str:
        """Return the address of a service or of the web client."""
        return f"http://{LOOPBACK}:{self.ports[name]}"

    def programs(self) -> list[Program]:
        """Return what to run: the three services, then the web client."""
        services = [self._program(name, f"stickprov_{name}", self._service_settings(name)) for name in SERVICES]
        return [*services, self._program(WEB, "stickprov_client.web", self._web_settings())]

    def _program(self, name: str, module: str, settings: Mapping[str, str]) -> Program:
        return Program(
            name=name,
            arguments=[sys.executable, "-m", module],
            log=self.folder.log(name),
            environment={f"STICKPROV_{name.upper()}_{setting}": value for setting, value in settings.items()},
            keep_open=self.keep_open,
        )

    def _service_settings(self, name: str) -> dict[str, str]:
        settings = {
            "MODE": "local",
            "DATABASE_URL": self.databases[name].url,
            "MIGRATION_DATABASE_URL": self.databases[name].migration_url,
            "SERVICE_ROLE": f"stickprov_{name}",
            "KAFKA_BOOTSTRAP": self.kafka_bootstrap,
            "HTTP_HOST": LOOPBACK,
            "HTTP_PORT": str(self.ports[name]),
            "TOKEN_ISSUER": ISSUER,
            "TOKEN_KEYS": str(self.keys.public_keys),
            "STAFF_KEY": self.keys.staff_key,
            "SERVICE_TOKEN": str(self.folder.tokens / "service.jwt"),
        }
        own_log = self.keys.checkpoints.settings(name)
        if name in self.keys.master:
            own_log["MASTER_KEYS"] = str(self.keys.master[name])
        if name == "sampler":
            return (
                settings
                | own_log
                | {
                    "FRAME_FOLDER": str(self.folder.frames),
                    "VAULT_FOLDER": str(self.folder.vault),
                    "FINDINGS_URL": self.url("findings"),
                }
            )
        if name == "findings":
            return settings | own_log | {"SAMPLER_URL": self.url("sampler")}
        settings |= {"SAMPLER_URL": self.url("sampler"), "FINDINGS_URL": self.url("findings")}
        if self.keys.checkpoints.trusted is not None:
            settings["TRUSTED_CHECKPOINT_KEYS"] = str(self.keys.checkpoints.trusted)
        return settings

    def _web_settings(self) -> dict[str, str]:
        return {
            "MODE": "local",
            "HTTP_HOST": LOOPBACK,
            "HTTP_PORT": str(self.ports[WEB]),
            "SAMPLER_URL": self.url("sampler"),
            "FINDINGS_URL": self.url("findings"),
            "REPORTING_URL": self.url("reporting"),
            "TOKEN": str(self.folder.tokens / "board.jwt"),
            "LOCAL_TOKENS": str(self.folder.tokens),
        }
