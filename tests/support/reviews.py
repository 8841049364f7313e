"""A case to review, for the tests of findings: one draw, one control point with two categories."""

from uuid import UUID

from stickprov_findings.domain.review.commands import ReviewKey
from stickprov_findings.domain.review.note import Note

DRAW = UUID("0190a000-0000-7000-8000-000000000001")
POINT = "AMF-2021-3"
CASE = "ab" * 32
CATEGORIES = frozenset({"deposit", "swish"})

KEY = ReviewKey(DRAW, POINT, CASE)


def note(text: str, number: int = 1) -> Note:
    return Note(UUID(int=number), bytes([number]) * 32, text)
