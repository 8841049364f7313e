"""The manifests as a cluster would get them, built by Kustomize from the folder of an overlay."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from support.cluster.env_files import KUBERNETES

Document = dict[str, Any]

OVERLAYS: Final = ("trial", "production", "second-organisation")
ROOTS: Final = (
    "overlays/trial/servers",
    "overlays/trial/migrate",
    "overlays/trial",
    "overlays/trial/recover",
    "overlays/production/migrate",
    "overlays/production",
    "overlays/production/recover",
    "overlays/second-organisation/migrate",
    "overlays/second-organisation",
    "overlays/second-organisation/recover",
)
"""Every folder that somebody applies."""

_INSTALLED: Final = Path(__file__).parents[3] / ".cache/kustomize/kustomize"


@cache
def built(root: str) -> Sequence[Document]:
    """Return the documents of a folder that is applied. The test is skipped where nothing can build them."""
    return _build(KUBERNETES / root)


def built_with(root: str, components: Sequence[str], folder: Path) -> Sequence[Document]:
    """Return the documents of a folder with some of `components/` taken in, by a kustomization in an empty folder."""
    taken = {
        "resources": [os.path.relpath(KUBERNETES / root, folder)],
        "components": [os.path.relpath(KUBERNETES / "components" / one, folder) for one in components],
    }
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(taken), encoding="utf-8")
    return _build(folder)


def roots_of(overlay: str) -> list[str]:
    """Return the folders that an overlay is applied from, in their order."""
    return [root for root in ROOTS if root.removeprefix("overlays/").split("/")[0] == overlay]


def everything_of(overlay: str) -> list[Document]:
    """Return what is in the namespace when all folders of an overlay were applied."""
    objects = {name_of(document): document for root in roots_of(overlay) for document in built(root)}
    return list(objects.values())


def of_kind(documents: Sequence[Document], *kinds: str) -> list[Document]:
    """Return the documents of some kinds."""
    return [document for document in documents if document["kind"] in kinds]


def workloads(documents: Sequence[Document]) -> list[Document]:
    """Return what runs pods."""
    return of_kind(documents, "Deployment", "StatefulSet", "Job")


def pod_of(workload: Document) -> Document:
    """Return the template of a workload's pods."""
    template: Document = workload["spec"]["template"]
    return template


def containers(workload: Document) -> Iterator[Document]:
    """Yield every container of a workload's pods, those that run first too."""
    spec = pod_of(workload)["spec"]
    yield from [*spec.get("initContainers", ()), *spec["containers"]]


def name_of(document: Document) -> str:
    """Return kind and name, to tell which one is meant."""
    return f"{document['kind']}/{document['metadata']['name']}"


def selects(selector: Document, labels: Document) -> bool:
    """Return whether a label selector fits some labels; an empty one fits all."""
    wanted = selector.get("matchLabels", {})
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _fits(expression, labels) for expression in selector.get("matchExpressions", ())
    )


def _fits(expression: Document, labels: Document) -> bool:
    match expression["operator"]:
        case "In":
            return labels.get(expression["key"]) in expression["values"]
        case "Exists":
            return expression["key"] in labels
        case operator:
            raise NotImplementedError(f"no manifest of ours says {operator}")


def _build(folder: Path) -> Sequence[Document]:
    done = subprocess.run([*_builder(), folder], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, f"{folder}: {done.stderr}"
    return [document for document in yaml.safe_load_all(done.stdout) if document]


def _builder() -> list[str | Path]:
    if _INSTALLED.exists():
        return [_INSTALLED, "build"]
    if found := shutil.which("kustomize"):
        return [found, "build"]
    if found := shutil.which("kubectl"):
        return [found, "kustomize"]
    pytest.skip("there is no kustomize and no kubectl; `make test-ops` installs one where there is Go")
