"""What the harness remembers: every command that was acknowledged, and what must follow from all of them."""

from dataclasses import dataclass, field
from uuid import UUID

from chaos.copies import Published
from chaos.points import Service


@dataclass(frozen=True)
class Acknowledged:
    """A command that a service said it had carried out.

    Attributes:
        stream, version: where its event is, if the answer told; a draw has many.
    """

    service: Service
    command: UUID
    stream: str | None = None
    version: int | None = None


@dataclass
class Case:
    """A drawn case as its one reviewer knows it."""

    draw: UUID
    case: str
    version: int = 0
    reviewed: bool = False
    remark: bool = False

    @property
    def stream(self) -> str:
        return f"review/{self.draw}/{CONTROL_POINT}/{self.case}"


CONTROL_POINT = "KAOS-1"
OTHER_POINT = "KAOS-2"
PLAN = "kaos-2021"
CATEGORY = "deposits"


@dataclass
class Memory:
    """Everything that was acknowledged.

    Attributes:
        refused: what was refused that nobody should have refused.
        repeated: how many requests were made more than once before they were acknowledged.
        published: what was on the topics before the broker lost them.
        poison: how many events of each source nobody can understand.
    """

    acknowledged: list[Acknowledged] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    repeated: int = 0
    closed: set[str] = field(default_factory=set)
    published: set[Published] = field(default_factory=set)
    poison: dict[str, int] = field(default_factory=lambda: {"sampler": 0, "findings": 0})

    def expected(self) -> dict[str, int]:
        """Return the indicators that every case drawn and acknowledged adds up to."""
        reviewed = [case for case in self.cases if case.reviewed]
        return {
            "drawn": len(self.cases),
            "reviewed": len(reviewed),
            "remarks": sum(case.remark for case in reviewed),
        }
