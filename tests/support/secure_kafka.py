"""Apache Kafka with two more doors: one over TLS, and one over TLS for a user who signs in with SCRAM."""

from pathlib import Path

from stickprov_kernel.messaging.access import KafkaAccess, Mechanism
from stickprov_local.ports import LOOPBACK, free_port
from support.apache_kafka import PASSWORD, USER, ApacheKafka
from support.certificates import Authority

_DOORS = """
ssl.keystore.type=PEM
ssl.keystore.location={keystore}
listener.name.scram.sasl.enabled.mechanisms=SCRAM-SHA-256,SCRAM-SHA-512
listener.name.scram.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.scram.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
"""


class SecureKafka(ApacheKafka):
    """A broker whose certificate is for ``localhost``, as an authority of the test's own says."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        super().__init__(folder)
        self.authority = authority
        self.tls_port, self.scram_port = free_port(), free_port()
        served = authority.certify("localhost")
        keystore = folder / "broker.pem"
        keystore.write_bytes(served.key.read_bytes() + served.certificate.read_bytes())
        text = self._properties.read_text()
        for line, host in (("\nlisteners=", LOOPBACK), ("\nadvertised.listeners=", "localhost")):
            text = text.replace(line, f"{line}TLS://{host}:{self.tls_port},SCRAM://{host}:{self.scram_port},")
        text = text.replace("protocol.map=", "protocol.map=TLS:SSL,SCRAM:SASL_SSL,")
        self._properties.write_text(text + _DOORS.format(keystore=keystore))

    def over_tls(self, *, believed: Path | None = None, host: str = "localhost") -> KafkaAccess:
        """Return access over TLS as one who believes an authority, the right one if none is given, and means a host."""
        return KafkaAccess(f"{host}:{self.tls_port}", "SSL", ca_file=believed or self.authority.file)

    def signed_in(
        self, password_file: Path, *, password: str = PASSWORD, mechanism: Mechanism = "SCRAM-SHA-256"
    ) -> KafkaAccess:
        """Return access over TLS for the user with a password; writes the password's file."""
        password_file.write_text(password + "\n", encoding="utf-8")
        address = f"localhost:{self.scram_port}"
        return KafkaAccess(address, "SASL_SSL", mechanism, USER, password_file, self.authority.file)

    def _formatted(self) -> Path:
        if not self._data.exists():
            scram = [
                part
                for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512")
                for part in ("--add-scram", f"{mechanism}=[name={USER},password={PASSWORD}]")
            ]
            cluster = "c3RpY2twcm92LXNlY3VyZQ"
            self._run("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._properties), *scram)
            self._data.rename(self._data.with_name("formatted"))
        return self._data.with_name("formatted")
