"""Reports in words: their kinds, their formats, their languages."""

from typing import Final

from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.http.reports import ReportFormat, ReportKind, ReportLanguage

KINDS: Final[dict[ReportKind, str]] = {
    "standard-form": marked("The standard form of a control"),
    "plan-status": marked("The plan with its status by tertial"),
    "actions": marked("The follow-up of actions"),
}
KINDS_EXPLAINED: Final[dict[ReportKind, str]] = {
    "standard-form": marked(
        "One or several control points for a period: sample, result, margins, conclusion, actions."
    ),
    "plan-status": marked("A plan's rows by score, with how each stands tertial by tertial."),
    "actions": marked("What was found, what was decided, and what the follow-up shows."),
}
FORMATS: Final[dict[ReportFormat, str]] = {
    "pdf": marked("PDF, to read and to archive"),
    "docx": marked("Word (DOCX), to write on in"),
    "html": marked("HTML, to read in a browser"),
    "xlsx": marked("Excel (XLSX), to count on in"),
    "csv": marked("CSV, the tables as text"),
    "json": marked("JSON, for programs"),
}
LANGUAGES: Final[dict[ReportLanguage, str]] = {"sv": "Svenska", "en": "English"}


def kinds(language: Language) -> list[tuple[str, str, str]]:
    """Return the kinds of reports: id, name and what is in it."""
    say = texts(language).gettext
    return [(kind, say(name), say(KINDS_EXPLAINED[kind])) for kind, name in KINDS.items()]


def formats(language: Language) -> list[tuple[str, str]]:
    """Return the formats: id and name."""
    say = texts(language).gettext
    return [(form, say(name)) for form, name in FORMATS.items()]
