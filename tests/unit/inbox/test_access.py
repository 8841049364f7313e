"""Every client of Kafka is let in the same way, as the settings say."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from stickprov_kernel.messaging.access import KafkaAccess

BROKER = "kafka.example:9093"


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text("first secret\n")
    return file


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Trial authority")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "ca.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return file


def test_a_plain_connection_has_no_more_than_its_address():
    access = KafkaAccess("kafka:9092")

    assert access.client_options() == {"bootstrap_servers": "kafka:9092", "security_protocol": "PLAINTEXT"}
    assert access.security() is None


def test_tls_checks_the_brokers_name_against_the_given_authority_alone(ca_file: Path):
    access = KafkaAccess(BROKER, "SSL", ca_file=ca_file)

    options = access.client_options()

    assert options["security_protocol"] == "SSL"
    context = options["ssl_context"]
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert [one["serialNumber"] for one in context.get_ca_certs()] == ["07"]
    assert type(access.security()) is BaseSecurity
    assert access.security().ssl_context is context


@pytest.mark.parametrize(
    ("mechanism", "kind"), [("PLAIN", SASLPlaintext), ("SCRAM-SHA-256", SASLScram256), ("SCRAM-SHA-512", SASLScram512)]
)
def test_signing_in_is_told_to_both_libraries_alike(mechanism, kind, password_file: Path):
    access = KafkaAccess(BROKER, "SASL_SSL", mechanism, "stickprov", password_file)

    options, security = access.client_options(), access.security()

    assert (options["sasl_mechanism"], options["sasl_plain_username"]) == (mechanism, "stickprov")
    assert options["sasl_plain_password"] == "first secret"
    assert type(security) is kind
    assert (security.username, security.password, security.use_ssl) == ("stickprov", "first secret", True)


def test_without_tls_a_sign_in_has_no_tls_context(password_file: Path):
    access = KafkaAccess(BROKER, "SASL_PLAINTEXT", "PLAIN", "stickprov", password_file)

    assert "ssl_context" not in access.client_options()
    assert access.security().use_ssl is False


def test_a_new_password_is_used_at_the_next_connection(password_file: Path):
    access = KafkaAccess(BROKER, "SASL_SSL", "PLAIN", "stickprov", password_file)
    access.client_options()

    password_file.write_text("second secret")

    assert access.client_options()["sasl_plain_password"] == "second secret"
    assert access.security().password == "second secret"


def test_a_password_is_not_in_what_the_access_says_of_itself(password_file: Path):
    assert "secret" not in repr(KafkaAccess(BROKER, "SASL_SSL", "PLAIN", "stickprov", password_file))
