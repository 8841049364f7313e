"""How a service reaches Kafka: where, over which transport, and as whom.

What must not break: every client of ours, producer, consumer and administrator alike, is made with the same options;
a password is read from its file each time a connection is made, so that it may be replaced.
"""

import ssl
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from stickprov_kernel.messaging.vouching import Vouching

if TYPE_CHECKING:
    from faststream.security import BaseSecurity

SecurityProtocol: TypeAlias = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism: TypeAlias = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


@dataclass(frozen=True)
class KafkaAccess:
    """Where Kafka is and how to be let in.

    Attributes:
        bootstrap: ``host:port`` of brokers to begin with, separated by commas.
        protocol: Kafka's ``security.protocol``.
        mechanism: SASL mechanism, for the protocols that begin with SASL.
        user: whom to sign in as.
        password_file: file with that user's password.
        ca_file: certificates (PEM) of those who may vouch for the brokers; the system's when there is none.
        vouching: by what our records are told from a stranger's; None where all are believed.
    """

    bootstrap: str
    protocol: SecurityProtocol = "PLAINTEXT"
    mechanism: Mechanism | None = None
    user: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None
    vouching: Vouching | None = None

    @cached_property
    def tls(self) -> ssl.SSLContext | None:
        """The TLS context; None without TLS. Host names are checked.

        Raises:
            OSError: the file with the certificates cannot be read.
        """
        if not self.protocol.endswith("SSL"):
            return None
        return ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)

    def client_options(self) -> dict[str, Any]:
        """Return what every client of aiokafka takes.

        Raises:
            OSError: the password's or the certificates' file cannot be read.
        """
        options: dict[str, Any] = {"bootstrap_servers": self.bootstrap, "security_protocol": self.protocol}
        if self.tls is not None:
            options["ssl_context"] = self.tls
        if self._signs_in:
            options["sasl_mechanism"] = self.mechanism
            options["sasl_plain_username"] = self.user
            options["sasl_plain_password"] = self._password()
        return options

    def security(self) -> "BaseSecurity | None":
        """Return the same in FastStream's words; None for a plain connection.

        Raises:
            OSError: the password's or the certificates' file cannot be read.
        """
        # Settings are read where nothing speaks to Kafka, and this library takes long to load.
        from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512  # noqa: PLC0415

        if self._signs_in and self.mechanism is not None:
            kinds = {"PLAIN": SASLPlaintext, "SCRAM-SHA-256": SASLScram256, "SCRAM-SHA-512": SASLScram512}
            sign_in = kinds[self.mechanism]
            return sign_in(self.user or "", self._password(), ssl_context=self.tls, use_ssl=self.tls is not None)
        return BaseSecurity(ssl_context=self.tls, use_ssl=True) if self.tls is not None else None

    @property
    def _signs_in(self) -> bool:
        return self.protocol.startswith("SASL")

    def _password(self) -> str:
        if self.password_file is None:
            return ""
        return self.password_file.read_text(encoding="utf-8").rstrip("\r\n")
