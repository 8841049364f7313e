"""``make-secrets`` makes what is missing, changes nothing that is there, and shows nothing."""

import ssl
import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from support.composed import HOST, Made, compose_config, make_secrets

_FOR_ALL = {"inside-ca.crt", "checkpoints.keys", "postgres.crt", "kafka.crt", "proxy.crt"}
"""Certificates and public keys."""
_GIVEN = {"services-client-secret", "pages-client-secret"}
"""What only the OpenID provider can give."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make_secrets(tmp_path_factory.mktemp("secrets"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def certificate(made: Made, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((made.folder / name).read_bytes())


def test_every_secret_that_compose_mounts_is_made_but_for_what_the_provider_gives(made, tmp_path):
    mounted = {Path(secret["file"]).name for secret in compose_config(tmp_path).project["secrets"].values()}

    assert mounted - set(contents(made.folder)) == _GIVEN
    for name in _GIVEN:
        assert f"Still missing: {made.folder}/{name}, which your OpenID provider gives" in made.said


def test_nobody_else_reads_what_is_secret(made):
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in made.folder.iterdir()}

    assert {name for name, mode in modes.items() if mode != 0o600} == _FOR_ALL
    assert {modes[name] for name in _FOR_ALL} == {0o644}
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700


def test_made_again_nothing_changes_and_nothing_is_left_over(made):
    before = contents(made.folder)

    again = make_secrets(made.folder, host="other.example")

    assert again.code == 0
    assert "made " not in again.said
    assert contents(made.folder) == before
    assert "proxy.crt is not for other.example" in again.said


def test_what_somebody_put_there_stays(tmp_path):
    (tmp_path / "proxy.crt").write_text("our own")
    (tmp_path / "staff-key").write_text("11" * 32)

    make_secrets(tmp_path)

    assert (tmp_path / "proxy.crt").read_text() == "our own"
    assert (tmp_path / "staff-key").read_text() == "11" * 32


def test_a_secret_that_is_missing_is_made_alone(made):
    before = contents(made.folder)
    (made.folder / "grafana-admin").unlink()

    again = make_secrets(made.folder)

    assert again.said.splitlines()[0] == "made grafana-admin"
    after = contents(made.folder)
    assert {name for name in before if before[name] != after[name]} == {"grafana-admin"}


def test_no_secret_is_shown(made):
    shown = made.said + made.complained
    secrets = [
        word
        for path in made.folder.iterdir()
        if path.name not in _FOR_ALL and "key" not in path.suffix
        for word in path.read_text().split()
        if len(word) >= 64
    ]

    assert len(secrets) > 10
    assert [secret for secret in secrets if secret in shown] == []


def test_no_two_secrets_are_the_same(made):
    alone = (
        "staff-key",
        "postgres-superuser",
        "grafana-admin",
        *(f"{one}-kafka-password" for one in ("sampler", "findings", "reporting")),
    )
    values = [(made.folder / name).read_text() for name in alone]
    values += [(made.folder / f"{name}-master.keys").read_text().split()[1] for name in ("sampler", "findings")]

    assert len({value.strip() for value in values}) == 8


@pytest.mark.parametrize(("server", "names"), [("postgres", ["postgres", "localhost"]), ("proxy", [HOST, "localhost"])])
def test_a_servers_certificate_is_for_its_name_and_vouched_for(made, server, names):
    served, authority = certificate(made, f"{server}.crt"), certificate(made, "inside-ca.crt")

    served.verify_directly_issued_by(authority)
    assert (
        served.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
        == names
    )
    assert list(served.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [
        ExtendedKeyUsageOID.SERVER_AUTH
    ]
    assert not served.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    key = load_pem_private_key((made.folder / f"{server}.key").read_bytes(), password=None)
    assert key.public_key() == served.public_key()


def test_the_authority_is_taken_by_those_who_look_strictly(made):
    context = ssl.create_default_context(cafile=str(made.folder / "inside-ca.crt"))
    context.verify_flags |= ssl.VERIFY_X509_STRICT

    assert context.get_ca_certs()[0]["subject"] == ((("commonName", "Stickprov inside"),),)


def test_the_host_is_read_as_compose_reads_it(tmp_path):
    settings = tmp_path / "settings"
    settings.write_text("#STICKPROV_HOST=old.example\nSTICKPROV_HOST='new.example'\n")
    folder = tmp_path / "secrets"
    folder.mkdir()

    assert make_secrets(folder, host=None, settings=settings).code == 0
    assert (folder / "checkpoints.keys").read_text().startswith("new.example/sampler+")


@pytest.mark.parametrize(
    ("host", "told"),
    [
        (None, "STICKPROV_HOST is not set; copy deploy/compose/example.env to .env"),
        ("https://stickprov.example", "STICKPROV_HOST is no host name: https://stickprov.example"),
        ("stickprov.example:8443", "STICKPROV_HOST is no host name"),
    ],
)
def test_without_a_host_name_nothing_is_made(tmp_path, host, told):
    refused = make_secrets(tmp_path, host=host)

    assert refused.code == 2
    assert told in refused.complained
    assert contents(tmp_path) == {}
