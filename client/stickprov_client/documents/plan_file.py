"""A plan as a YAML file: read with the line of every error, written so that reading it gives the same plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel

from stickprov_client.documents.both_languages import in_both
from stickprov_client.documents.faults import BadFile, FileFault
from stickprov_client.documents.yaml_document import Document, read_document
from stickprov_contracts.http.plans import AdoptPlan, Plan, PlanId, PlannedPoint

_KEY: Final = "plan"
_ID_FIRST: Final = ("control_point", *(name for name in PlannedPoint.model_fields if name != "control_point"))
_WIDTH: Final = 110


class _File(AdoptPlan):
    """A plan file: the plan's id beside its content."""

    plan: PlanId


@dataclass(frozen=True)
class PlanFile:
    """A plan as its file defines it, the lines where everything stands, and what is completed in it."""

    plan: str
    content: AdoptPlan
    document: Document
    warnings: tuple[FileFault, ...] = ()


def read_plan(file: Path) -> PlanFile:
    """Read a plan file. Raises as ``plan_in`` does, or when it cannot be read."""
    return plan_in(read_document(file))


def plan_in(document: Document) -> PlanFile:
    """Return the plan that a document holds.

    Raises:
        BadFile: it has errors; all of them are named, each with its line and field.
    """
    document, warnings = in_both(document)
    content = document.content
    if not isinstance(content, dict) or not content:
        fault = FileFault("write a plan here: plan, board, year, risks and control_points.", 1)
        raise BadFile(document.name, [fault])
    whole = document.checked(_File, content)
    _refuse_repeated(document, whole)
    fields = {name: getattr(whole, name) for name in AdoptPlan.model_fields}
    return PlanFile(whole.plan, AdoptPlan(**fields), document, warnings)


def _refuse_repeated(document: Document, plan: AdoptPlan) -> None:
    faults = []
    listed = {
        ("risks", "id"): [risk.id for risk in plan.risks],
        ("control_points", "control_point"): [point.control_point for point in plan.control_points],
        ("retired", "control_point"): [point.control_point for point in plan.retired],
    }
    for (key, name), ids in listed.items():
        first: dict[str, int] = {}
        for place, id_ in enumerate(ids):
            if first.setdefault(id_, place) != place:
                line = document.line((key, first[id_], name))
                faults.append(
                    document.fault((key, place, name), f"{id_} stands in line {line} already; give each its own id")
                )
    if faults:
        raise BadFile(document.name, faults)


def content_of(plan: Plan) -> AdoptPlan:
    """Return a plan that was read from the service as what would adopt it again."""
    own = plan.model_dump(include=set(AdoptPlan.model_fields))
    own["control_points"] = [point.model_dump(include=set(PlannedPoint.model_fields)) for point in plan.control_points]
    own["retired"] = [{"control_point": one.control_point, "why": one.why} for one in plan.retired]
    return AdoptPlan.model_validate(own)


def as_yaml(plan: str, content: AdoptPlan) -> str:
    """Return a plan file. What is left out is what a plan has of itself."""
    whole = {_KEY: plan} | {
        name: [_part(part) for part in value] if isinstance(value, list) else value
        for name in AdoptPlan.model_fields
        if (value := getattr(content, name)) not in (None, [])
    }
    return yaml.dump(whole, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, indent=2)


def _part(part: BaseModel) -> dict[str, Any]:
    names = _ID_FIRST if isinstance(part, PlannedPoint) else tuple(type(part).model_fields)
    plain = part.model_dump(exclude_defaults=True)
    return {name: _plain(plain[name]) for name in names if name in plain}


def _plain(value: object) -> object:
    match value:
        case Decimal():
            # A number that a float would change is written as text.
            return float(value) if Decimal(repr(float(value))) == value else str(value)
        case Mapping():
            return {name: _plain(inner) for name, inner in value.items() if inner is not None}
        case list():
            return [_plain(inner) for inner in value]
        case _:
            return value


class _Dumper(yaml.SafeDumper):
    """Lists stand under their key, texts of several lines as blocks, nothing as an alias."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - PyYAML's signature
        super().increase_indent(flow, False)  # noqa: FBT003 - PyYAML's signature

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - PyYAML's signature
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
