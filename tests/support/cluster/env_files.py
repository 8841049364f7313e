"""The settings that the manifests give, read as Kustomize reads them: a file of settings over the one below it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

KUBERNETES: Final = Path(__file__).parents[3] / "deploy/kubernetes"

LAYERS: Final[Mapping[str, Sequence[str]]] = {
    "trial": ("settings", "overlays/trial/settings"),
    "production": ("settings", "overlays/production/settings"),
    "second-organisation": (
        "settings",
        "overlays/production/settings",
        "overlays/second-organisation/settings",
    ),
}
"""The folders of settings that each overlay takes in, the lowest first."""


def settings_of(overlay: str, process: str) -> dict[str, str]:
    """Return the settings that a process gets in an overlay."""
    given: dict[str, str] = {}
    for folder in LAYERS[overlay]:
        given |= _read(KUBERNETES / folder / f"{process}.env")
    return given


def _read(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if line.strip() and not line.startswith("#")]
    names = [name for name, _, _ in pairs]
    assert len(set(names)) == len(names), f"{file}: a setting stands there twice"
    return {name: value for name, _, value in pairs}
