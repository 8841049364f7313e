"""Files of master keys for services under test."""

from pathlib import Path

from stickprov_kernel.sealing.sealing import Sealing


def master_key(number: int = 1) -> str:
    """Return the line of a master key, the same for the same number."""
    return f"master-{number} {bytes([number]).hex() * 32}\n"


def master_keys_file(folder: Path, *numbers: int, name: str = "master.keys") -> Path:
    """Write master keys into a folder, the first number's first, and return the file."""
    path = folder / name
    path.write_text("".join(master_key(number) for number in numbers or (1,)), encoding="ascii")
    path.chmod(0o600)
    return path


def sealing(folder: Path, *numbers: int) -> Sealing:
    """Return what seals with such a file."""
    return Sealing.of_file(master_keys_file(folder, *numbers))
