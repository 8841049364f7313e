"""Pages of questionnaires: the list, each with its versions, and publishing a version from a YAML file."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from itertools import pairwise
from typing import Final

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.documents.questionnaire_file import QuestionnaireFile, questionnaire_in
from stickprov_client.documents.yaml_document import document_of
from stickprov_client.language.questionnaires import answer_name, reasons_of
from stickprov_client.language.translations import Language, marked
from stickprov_client.web.access import Coordinator
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.uploads import FILE, answer_file, read_upload
from stickprov_contracts.http.plans import PublishedQuestionnaire
from stickprov_contracts.questionnaires import Question, Questionnaire

_MOST_VERSIONS: Final = 50
_MARKS: Final = {"over-coverage": marked("Over-coverage"), "non-response": marked("Non-response")}


@dataclass(frozen=True)
class _Version:
    """A version and how its questions differ from those of the version before.

    Attributes:
        added, changed, removed: ids of questions; all empty for the first version.
    """

    number: int
    questions: int
    added: Sequence[str] = ()
    changed: Sequence[str] = ()
    removed: Sequence[str] = ()


def questionnaires_router() -> APIRouter:
    """Return the pages under ``/questionnaires``."""
    router = APIRouter(prefix="/questionnaires")

    @router.get("")
    async def listed(request: Request, services: Connected, _session: Coordinator) -> Response:
        return await _list_page(request, services, Form())

    @router.post("")
    async def published(request: Request, services: Connected, _session: Coordinator) -> Response:
        form = await read_form(request)

        async def publish(upload: UploadFile) -> Response:
            read = await read_upload(upload, _read)
            answer = await _published(services, read, form)
            completed = "?swedish_only=yes" if read.warnings else ""
            address = f"/questionnaires/{answer.questionnaire}{completed}"
            return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)

        return await answer_file(
            request, form, form.files.get(FILE), publish, lambda form: _list_page(request, services, form)
        )

    @router.get("/{questionnaire}")
    async def one(
        request: Request,
        services: Connected,
        _session: Coordinator,
        questionnaire: str,
        version: int | None = None,
        swedish_only: str = "",
    ) -> Response:
        newest = await services.plans.questionnaire(questionnaire)
        earlier = await _earlier(services, newest)
        shown = next((one for one in earlier if one.number == version), newest)
        return page(
            request,
            "questionnaire.html",
            shown=shown,
            newest=newest.number,
            versions=_versions([*earlier, newest]),
            swedish_only=swedish_only == "yes",
            used_by=(await _users(services)).get(questionnaire, []),
            answer_name=partial(_answer_name, shown.content, language_of(request)),
            reasons=[(name, reasons_of(shown.content, mark)) for mark, name in _MARKS.items()],
        )

    return router


def _answer_name(content: Questionnaire, language: Language, question: str, answer: str) -> str:
    return answer_name(content, question, answer, language)


def _read(name: str, content: bytes) -> QuestionnaireFile:
    return questionnaire_in(document_of(name, content))


async def _published(services: Services, read: QuestionnaireFile, form: Form) -> PublishedQuestionnaire:
    try:
        return await services.plans.publish(read.questionnaire, read.content, command=form.command)
    except ApiProblem as error:
        if error.problem.errors:
            raise read.document.refused(error.problem.errors) from None
        raise


async def _earlier(services: Services, newest: PublishedQuestionnaire) -> list[PublishedQuestionnaire]:
    first = max(1, newest.number - _MOST_VERSIONS)
    numbers = range(first, newest.number)
    return await asyncio.gather(
        *(services.plans.questionnaire(newest.questionnaire, number=number) for number in numbers)
    )


async def _users(services: Services) -> dict[str, list[str]]:
    """Return the control points that ask each questionnaire."""
    users: dict[str, list[str]] = {}
    for point in await services.sampler.control_points():
        if point.questionnaire:
            users.setdefault(point.questionnaire, []).append(point.control_point)
    return users


async def _list_page(request: Request, services: Services, form: Form) -> Response:
    published, users = await asyncio.gather(services.plans.questionnaires(), _users(services))
    known = {one.questionnaire for one in published}
    return page(
        request,
        "questionnaires.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK,
        form=form,
        published=published,
        users=users,
        awaited=sorted(set(users) - known),
    )


def _versions(versions: Sequence[PublishedQuestionnaire]) -> list[_Version]:
    """Return the newest first; the oldest that is known has nothing to differ from."""
    told = [_Version(versions[0].number, len(versions[0].content.questions))]
    for before, after in pairwise(versions):
        old, new = _by_id(before.content.questions), _by_id(after.content.questions)
        told.append(
            _Version(
                after.number,
                len(new),
                added=[name for name in new if name not in old],
                changed=[name for name in new if name in old and new[name] != old[name]],
                removed=[name for name in old if name not in new],
            )
        )
    return list(reversed(told))


def _by_id(questions: Sequence[Question]) -> dict[str, Question]:
    return {question.id: question for question in questions}
