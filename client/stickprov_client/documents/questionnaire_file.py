"""A questionnaire as a YAML file, every error with its line."""

from dataclasses import dataclass

from stickprov_client.documents.both_languages import in_both
from stickprov_client.documents.faults import FileFault
from stickprov_client.documents.yaml_document import Document
from stickprov_contracts.http.plans import QuestionnaireId
from stickprov_contracts.questionnaires import Questionnaire


class _File(Questionnaire):
    """A questionnaire file: its id beside its content."""

    questionnaire: QuestionnaireId


@dataclass(frozen=True)
class QuestionnaireFile:
    """A questionnaire as its file defines it, the lines where everything stands, and what is completed in it."""

    questionnaire: str
    content: Questionnaire
    document: Document
    warnings: tuple[FileFault, ...] = ()


def questionnaire_in(document: Document) -> QuestionnaireFile:
    """Return the questionnaire that a document holds.

    Raises:
        BadFile: it has errors; all of them are named, each with its line and field.
    """
    document, warnings = in_both(document)
    read = document.checked(_File, document.content)
    content = Questionnaire(**{name: getattr(read, name) for name in Questionnaire.model_fields})
    return QuestionnaireFile(read.questionnaire, content, document, warnings)
