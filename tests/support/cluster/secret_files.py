"""The files behind the Secrets that pods expect: those that `lay-out` makes, from what `make-secrets` made."""

import subprocess
from pathlib import Path
from typing import Any, Final

import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from stickprov_kernel.log.notes import SigningKey
from support.cluster.env_files import KUBERNETES

LAY_OUT: Final = KUBERNETES / "secrets/lay-out"


def made_secrets(folder: Path) -> Path:
    """Write what `deploy/compose/make-secrets` would have made, and what a provider gives, and return the folder."""
    private = Ed25519PrivateKey.generate()
    key = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    texts = {"staff-key": "ab" * 32, "checkpoints.keys": SigningKey("log.example/sampler", private).verifier.text}
    texts |= dict.fromkeys(("services-client-secret", "pages-client-secret", "inside-ca.crt"), "given")
    texts |= dict.fromkeys(("proxy.crt", "proxy.key", "postgres.crt", "postgres.key", "kafka.pem"), "certified")
    texts |= dict.fromkeys(("postgres-superuser", "postgres-roles", "kafka-users"), "known")
    for service in ("sampler", "findings", "reporting"):
        texts[f"{service}.pgpass"] = f"*:*:*:stickprov_{service}:{service}-word"
        texts[f"{service}-owner.pgpass"] = f"*:*:*:stickprov_{service}_owner:{service}-owner-word"
        texts[f"{service}-kafka-password"] = f"{service}-kafka-word"
    for service in ("sampler", "findings"):
        texts[f"{service}-master.keys"] = f"2026-01-01 {'cd' * 32}"
        texts[f"{service}-checkpoint.pem"] = key.decode().rstrip()
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(f"{text}\n", encoding="utf-8")
    return folder


def laid_out(source: Path, target: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `lay-out` on such a folder."""
    command = ["sh", LAY_OUT, "--from", source, "--into", target, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def secrets_made_of_files(folder: str = "") -> dict[str, dict[str, str]]:
    """Return the Secrets that a kustomization makes, each with its keys and the file behind each."""
    text = (KUBERNETES / "secrets" / folder / "kustomization.yaml").read_text(encoding="utf-8")
    made: Any = yaml.safe_load(text)
    return {secret["name"]: dict(_keyed(entry) for entry in secret["files"]) for secret in made["secretGenerator"]}


def _keyed(entry: str) -> tuple[str, str]:
    key, _, path = entry.rpartition("=")
    return key or Path(path).name, path
