"""The bill of materials: our own component and every package of the runtime's lock file, in CycloneDX.

cyclonedx-bom reads the lock file; licences and who needs whom are added from the packages' own metadata, because a lock
file does not say them. What comes out is checked against the format's own schema before it is written.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

from cyclonedx.schema import SchemaVersion
from cyclonedx.spdx import is_expression
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support.supply_chain.lock import LOCK, ROOT, Locked, locked

TARGET: Final = ROOT / ".cache" / "sbom.json"
_PROJECT: Final = ROOT / "pyproject.toml"


def bill() -> dict[str, Any]:
    """Return the bill of materials. Raises ValueError when it is not as its format wants it."""
    read: dict[str, Any] = json.loads(_from_lock())
    packages = {(one.name, one.version): one for one in locked()}
    references: dict[str, list[str]] = {}
    for component in read["components"]:
        name = canonicalize_name(component["name"])
        references.setdefault(name, []).append(component["bom-ref"])
        component.pop("description", None)  # the line of the lock file once more
        component["licenses"] = _licences(packages[name, component["version"]])
    read["dependencies"] = _dependencies(read, references)
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(read))
    if fault is not None:
        raise ValueError(f"the bill of materials is not as CycloneDX wants it: {fault}")
    return read


def _from_lock() -> str:
    command = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", str(LOCK)]
    command += ["--pyproject", str(_PROJECT), "--sv", "1.6", "--output-reproducible"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _licences(package: Locked) -> list[dict[str, Any]]:
    said = package.licence
    if said is None:
        return [{"license": {"name": "unknown"}}]
    return [{"expression": said}] if is_expression(said) and " " in said else [{"license": {"id": said}}]


def _dependencies(read: dict[str, Any], references: dict[str, list[str]]) -> list[dict[str, Any]]:
    project = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]
    direct = {canonicalize_name(Requirement(text).name) for text in project["dependencies"]}
    found = [{"ref": read["metadata"]["component"]["bom-ref"], "dependsOn": _of(direct, references)}]
    needs = {one.name: one.needs for one in locked()}
    for name, refs in sorted(references.items()):
        found += [{"ref": ref, "dependsOn": _of(needs[name], references)} for ref in refs]
    return found


def _of(names: Any, references: dict[str, list[str]]) -> list[str]:
    return sorted(ref for name in names for ref in references.get(name, ()))


def main(target: Path = TARGET) -> None:
    """Write the bill, and say in a line what it holds."""
    made = bill()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    ours = made["metadata"]["component"]
    sys.stdout.write(
        f"sbom: {ours['name']} {ours['version']} with {len(made['components'])} components, CycloneDX "
        f"{made['specVersion']}, checked against its schema: {target.relative_to(ROOT)}\n"
    )


if __name__ == "__main__":
    main()
