"""A service's settings: environment variables named ``STICKPROV_<SERVICE>_<NAME>``, one frozen model per service.

What must not break: a service with a missing, wrong or misspelt setting does not start, and says all of them at once;
the local stack's issuer is believed nowhere but in local mode, and local mode is reachable from this machine alone.
"""

import difflib
import os
import sys
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, cast

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings
from pydantic_settings.exceptions import SettingsError

from stickprov_contracts.openid.addresses import is_loopback
from stickprov_contracts.serving.allowance import proxies_in
from stickprov_contracts.tracing.tracing import ENDPOINT, SAMPLE, CollectorUrl
from stickprov_contracts.wording import sentence
from stickprov_kernel.database.access import goes_unprotected, root_certificate_of
from stickprov_kernel.messaging.access import KafkaAccess, Mechanism, SecurityProtocol
from stickprov_kernel.messaging.vouching import Vouching
from stickprov_kernel.settings_from_files import file_variables
from stickprov_kernel.token_settings import TokenSettings

WRONG_SETTINGS: Final = 2
"""Exit code of a service that cannot start with the settings it has."""

_PREFIX: Final = "STICKPROV_"
_STAFF_KEY_BYTES: Final = 32


class ServiceSettings(TokenSettings):
    """What every service can be told. A service adds its own and sets ``env_prefix``: ``STICKPROV_SAMPLER_``.

    Each field's description is what people read, at start when it is wrong and in the documentation's table.
    """

    database_without_tls: bool = Field(
        default=False,
        description="Let a database on another machine be reached without `sslmode=verify-full`, as the network "
        "between is protected by other means.",
    )
    database_url: str = Field(repr=False, description="URL of the service's own PostgreSQL database, as its role.")
    migration_database_url: str | None = Field(
        None,
        repr=False,
        description="URL of the same database as its owner; when set, the service migrates it before it starts.",
    )
    service_role: str = Field(
        "stickprov_<service>",
        pattern=r"^[a-z_][a-z0-9_]{0,62}$|^stickprov_<service>$",
        description="PostgreSQL role of the service, which migrations give its rights.",
    )
    kafka_bootstrap: str = Field(description="Kafka brokers to begin with: `host:port`, separated by commas.")
    kafka_security_protocol: SecurityProtocol = Field(
        "PLAINTEXT", description="How to speak to Kafka: in the clear or over TLS, signed in (`SASL_`) or not."
    )
    kafka_sasl_mechanism: Mechanism | None = Field(
        None, validate_default=True, description="How to sign in to Kafka; with `SASL_` only."
    )
    kafka_user: str | None = Field(
        None, validate_default=True, description="Whom to sign in to Kafka as; with `SASL_` only."
    )
    kafka_password_file: Path | None = Field(
        None, validate_default=True, description="File with that user's password; it may be replaced any time."
    )
    kafka_ca_file: Path | None = Field(
        None, description="Certificates (PEM) that vouch for the brokers; the system's when there is none."
    )
    http_host: str = Field("127.0.0.1", description="Address to listen on; in local mode a loopback address.")
    http_port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    trusted_proxies: str = Field(
        "",
        description="Addresses or networks, separated by commas, of proxies whose `X-Forwarded-For` and "
        "`X-Forwarded-Proto` are believed; nobody's when there are none.",
    )
    requests_per_second: float = Field(
        200.0, ge=0, description="Requests that one actor may make in the long run; 0 for any number."
    )
    requests_at_once: int = Field(2000, ge=1, description="Requests of one actor after a pause, before that counts.")
    stranger_requests_per_second: float = Field(
        50.0, ge=0, description="The same for an address, of requests without a valid token."
    )
    stranger_requests_at_once: int = Field(500, ge=1, description="Such requests after a pause, before that counts.")
    staff_key: SecretStr = Field(
        description="Key of the actors' pseudonyms: 64 hex digits or more, the same for all services, never changed."
    )
    ready_lag: int = Field(1000, ge=0, description="Events a log may lag behind and the service still counts as ready.")
    reconcile_seconds: float = Field(
        10.0, gt=0, description="Seconds between two comparisons of what was heard with the source's log."
    )
    relay_batch: int = Field(500, ge=1, le=10_000, description="Events published to Kafka at once.")
    traces_endpoint: CollectorUrl | None = Field(None, description=ENDPOINT)
    traces_sample: float = Field(0.1, ge=0, le=1, description=SAMPLE)
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    log_format: Literal["json", "console"] = Field("json", description="`json` for machines, `console` for people.")

    @classmethod
    def service(cls) -> str:
        """Return the service's short name, as in the variables' prefix."""
        return cls.model_config.get("env_prefix", "").removeprefix(_PREFIX).rstrip("_").lower()

    @property
    def authorities(self) -> dict[str, Path]:
        """Files with the certificates that vouch for other servers, as far as such files are named."""
        named = {"kafka-ca": self.kafka_ca_file, "database-ca": root_certificate_of(self.database_url)}
        return {name: path for name, path in named.items() if path is not None}

    @property
    def staff_key_bytes(self) -> bytes:
        """The staff key, ready to be used."""
        return bytes.fromhex(self.staff_key.get_secret_value())

    @property
    def kafka(self) -> KafkaAccess:
        """Where Kafka is and how to be let in."""
        return KafkaAccess(
            self.kafka_bootstrap,
            self.kafka_security_protocol,
            self.kafka_sasl_mechanism,
            self.kafka_user,
            self.kafka_password_file,
            self.kafka_ca_file,
            Vouching.of(self.staff_key_bytes),
        )

    @model_validator(mode="before")
    @classmethod
    def _name_role_after_service(cls, given: Any) -> Any:  # noqa: ANN401  # pydantic hands over what it has
        return {"service_role": f"stickprov_{cls.service()}"} | given if isinstance(given, dict) else given

    @field_validator("kafka_sasl_mechanism", "kafka_user", "kafka_password_file")
    @classmethod
    def _signing_in_to_kafka_needs_sasl(cls, value: object, info: Any) -> object:  # noqa: ANN401
        protocol = info.data.get("kafka_security_protocol", "")
        if value is not None and not protocol.startswith("SASL"):
            raise ValueError(f"This has no effect with {protocol or 'that protocol'}; choose SASL_SSL or leave it out.")
        if value is None and protocol.startswith("SASL"):
            raise ValueError(f"{protocol} needs this.")
        return value

    @field_validator("kafka_ca_file")
    @classmethod
    def _certificates_need_tls(cls, value: Path | None, info: Any) -> Path | None:  # noqa: ANN401
        if value is not None and not info.data.get("kafka_security_protocol", "").endswith("SSL"):
            raise ValueError("This has no effect without TLS; choose SSL or SASL_SSL.")
        return value

    @field_validator("kafka_password_file", "kafka_ca_file")
    @classmethod
    def _kafkas_files_can_be_read(cls, value: Path | None) -> Path | None:
        try:
            if value is not None:
                value.read_bytes()
        except OSError as error:
            raise ValueError(f"This file cannot be read: {error.strerror}.") from None
        return value

    @field_validator("database_url", "migration_database_url")
    @classmethod
    def _databases_elsewhere_are_reached_over_tls(cls, value: str | None, info: Any) -> str | None:  # noqa: ANN401
        if value is not None and goes_unprotected(value) and not info.data.get("database_without_tls"):
            raise ValueError(
                "This leads to another machine without TLS. Add ?sslmode=verify-full&sslrootcert=FILE, or set "
                "DATABASE_WITHOUT_TLS where the network between is protected by other means."
            )
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_addresses(cls, value: str) -> str:
        try:
            return ",".join(proxies_in(value))
        except ValueError:
            raise ValueError("This should be addresses or networks, such as 10.0.0.7 or 10.0.0.0/24.") from None

    @field_validator("staff_key")
    @classmethod
    def _staff_key_is_long_hex(cls, value: SecretStr) -> SecretStr:
        try:
            length = len(bytes.fromhex(value.get_secret_value()))
        except ValueError:
            raise ValueError("This should be hex digits.") from None
        if length < _STAFF_KEY_BYTES:
            raise ValueError(f"This should be at least {2 * _STAFF_KEY_BYTES} hex digits.")
        return value

    @field_validator("http_host")
    @classmethod
    def _local_mode_stays_on_this_machine(cls, value: str, info: Any) -> str:  # noqa: ANN401
        if info.data.get("mode") == "local" and not is_loopback(value):
            raise ValueError("In local mode this should be a loopback address, such as 127.0.0.1.")
        return value


SettingsT = TypeVar("SettingsT", bound=BaseSettings)


def env_name(settings_type: type[BaseSettings], field: str) -> str:
    """Return the environment variable of a setting."""
    return settings_type.model_config.get("env_prefix", "") + field.upper()


def load(settings_type: type[SettingsT]) -> SettingsT:
    """Return the settings, or print what is wrong with each and exit with code 2."""
    faults = _unknown(settings_type)
    settings = None
    try:
        settings = settings_type()
    except ValidationError as error:
        faults = [*_faults(settings_type, error), *faults]
    except SettingsError as error:
        faults = [f"  {error}", *faults]
    if settings is None or faults:
        how_many = "a setting is" if len(faults) == 1 else f"{len(faults)} settings are"
        print(f"Cannot start: {how_many} missing or wrong.\n" + "\n".join(faults), file=sys.stderr)  # noqa: T201
        sys.exit(WRONG_SETTINGS)
    return settings


def placeholder(settings_type: type[SettingsT]) -> SettingsT:
    """Return settings that stand for none, to build an application that is only asked what it would do."""
    required = {
        name: _PLACEHOLDERS.get(field.annotation, "")
        for name, field in settings_type.model_fields.items()
        if field.default is PydanticUndefined and field.default_factory is None
    }
    # The plugin types this as the base alone.
    return cast("SettingsT", settings_type.model_construct(**required))


_PLACEHOLDERS: Final[dict[Any, Any]] = {
    Path: Path("nowhere"),
    SecretStr: SecretStr("00" * _STAFF_KEY_BYTES),
    int: 1,
    float: 1.0,
}


def _faults(settings_type: type[BaseSettings], error: ValidationError) -> list[str]:
    return [
        _fault(settings_type, str(one["loc"][0]) if one["loc"] else "", sentence(one))
        for one in error.errors(include_url=False, include_input=False)
    ]


def _fault(settings_type: type[BaseSettings], field: str, what: str) -> str:
    known = settings_type.model_fields.get(field)
    description = f"\n      {known.description}" if known is not None else ""
    return f"  {env_name(settings_type, field)}: {what}{description}"


def _unknown(settings_type: type[BaseSettings]) -> list[str]:
    prefix = settings_type.model_config.get("env_prefix", "")
    known = [env_name(settings_type, field) for field in settings_type.model_fields]
    known += file_variables(settings_type).values() if issubclass(settings_type, TokenSettings) else ()
    unknown = sorted(name for name in os.environ if prefix and name.startswith(prefix) and name not in known)
    return [f"  {name}: There is no such setting.{_did_you_mean(name, known)}" for name in unknown]


def _did_you_mean(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean {close[0]}?" if close else " Remove it."
