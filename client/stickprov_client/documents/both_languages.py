"""Texts of plan and questionnaire files in both languages: where the English one is left out, the Swedish one serves.

What is published has both, so that services and pages need to know of no missing text.
"""

from dataclasses import replace
from typing import Final

from stickprov_client.documents.faults import FileFault
from stickprov_client.documents.yaml_document import Document

_PAIRS: Final = {"sv": "en", "help_sv": "help_en", "unit_sv": "unit_en"}


def in_both(document: Document) -> tuple[Document, tuple[FileFault, ...]]:
    """Return a document whose Swedish texts all have an English one, and a warning if any had none."""
    left_out: list[str] = []
    content = _filled(document.content, left_out)
    if not left_out:
        return document, ()
    message = f"English (en) is missing in {len(left_out)} places, so the Swedish text is used in both languages."
    return replace(document, content=content), (FileFault(message),)


def _filled(content: object, left_out: list[str]) -> object:
    if isinstance(content, list):
        return [_filled(one, left_out) for one in content]
    if not isinstance(content, dict):
        return content
    filled = {name: _filled(value, left_out) for name, value in content.items()}
    for swedish, english in _PAIRS.items():
        if isinstance(filled.get(swedish), str) and filled.get(english) is None:
            filled[english] = filled[swedish]
            left_out.append(str(filled[swedish]))
    return filled
