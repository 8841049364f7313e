"""Pages from templates, in the reader's language."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import cache, partial
from http import HTTPStatus
from importlib.metadata import version
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import HTMLResponse

from stickprov_client.language import (
    assigning,
    draws,
    follow_ups,
    measures,
    moments,
    numbers,
    periods,
    plan_fields,
    plan_wording,
    questionnaires,
    schedules,
    wording,
)
from stickprov_client.language.service_messages import rejected_because, told
from stickprov_client.language.translations import LANGUAGES, Language, texts
from stickprov_client.web.access import onward_of, sign_in_address
from stickprov_client.web.language import PARAMETER, language_of, remember_language
from stickprov_client.web.navigation import navigation_of
from stickprov_client.web.reporting.filters import FIGURES
from stickprov_client.web.visitor import FormToken, signed_in

LANGUAGE_NAMES: Final = {"sv": "Svenska", "en": "English"}

_IN_LANGUAGE: Final[dict[str, Callable[[Any, Language], object]]] = {
    "whole": numbers.whole,
    "one_decimal": numbers.one_decimal,
    "percent": numbers.percent,
    "measured_percent": lambda share, language: (
        numbers.NOTHING if share is None else numbers.precise_percent(share, language, decimals=2)
    ),
    "round_percent": numbers.round_percent,
    "percent_points": numbers.percent_points,
    "ratio": numbers.ratio,
    "told": told,
    "units": numbers.units,
    "shares": numbers.shares,
    "moment": moments.moment,
    "clock": moments.clock,
    "instant": moments.instant,
    "month_name": periods.month_name,
    "period_name": periods.period_name,
    "short_month_name": periods.short_month_name,
    "category_text": wording.category_text,
    "plan_reviewer": plan_wording.reviewer,
    "plan_schedule": plan_wording.schedule,
    "plan_what": plan_wording.what,
    "plan_field": plan_fields.field_name,
    "risk_score": plan_wording.score_heading,
    "interval_sentence": wording.interval_sentence,
    "summary": wording.summary,
    "goal_text": measures.goal_text,
    "in_language": questionnaires.in_language,
    "question_type": questionnaires.question_type,
    "rejected_because": rejected_because,
    "replaced_because": draws.reason_name,
    "register_rows": measures.part_rows,
    "verdict_name": partial(follow_ups.named, names=follow_ups.VERDICTS),
    "proposal_name": partial(follow_ups.named, names=follow_ups.PROPOSALS),
    "action_status_name": partial(follow_ups.named, names=follow_ups.ACTION_STATUSES),
    "effect_name": partial(follow_ups.named, names=follow_ups.EFFECTS),
    "row_status_name": partial(follow_ups.named, names=follow_ups.ROW_STATUSES),
    "review_status": assigning.status_name,
    "reminder_text": schedules.reminder_text,
}


def page(request: Request, template: str, /, *, status: int = HTTPStatus.OK, **content: object) -> HTMLResponse:
    """Render a template as a whole page."""
    language = language_of(request)
    session = signed_in(request)
    form_token = FormToken(request)
    html = (
        environment(language)
        .get_template(template)
        .render(
            content,
            path=request.url.path,
            session=session,
            navigation=navigation_of(request, session),
            form_token=form_token,
            sign_in=sign_in_address(request, onward_of(request)) if session is None else None,
            other_languages=[
                (code, LANGUAGE_NAMES[code], _in_language(request, code)) for code in LANGUAGES if code != language
            ],
        )
    )
    response = HTMLResponse(html, status_code=status)
    remember_language(request, response)
    form_token.remember(response)
    return response


@cache
def environment(language: Language) -> Environment:
    """Return the templates of one language; its filters know how numbers and months are written there."""
    templates = Environment(
        loader=PackageLoader("stickprov_client.web"),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Added by the i18n extension, so nothing Jinja's types know of.
    templates.install_gettext_translations(texts(language), newstyle=True)  # type: ignore[attr-defined]
    templates.filters |= {name: partial(_last, write, language) for name, write in (_IN_LANGUAGE | FIGURES).items()}
    templates.filters["short_pseudonym"] = lambda pseudonym: f"{pseudonym[:8]}…"
    templates.filters["pair"] = lambda text: (text, text)
    templates.filters["plan_value"] = lambda text, field: plan_fields.field_value(text, field, language)
    templates.filters["day_before"] = lambda day: day - timedelta(days=1)
    templates.globals |= {
        "language": language,
        "static": static_address,
        "version": version("stickprov"),
        "range_name": lambda start, end: periods.range_name(start, end, language),
    }
    return templates


@cache
def static_address(name: str) -> str:
    """Return the address of a static file, with its hash, so that it may be kept for ever."""
    content = files("stickprov_client.web").joinpath("static", name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:16]}"


def _last(write: Callable[[Any, Language], object], language: Language, value: object) -> object:
    return write(value, language)


def _in_language(request: Request, language: Language) -> str:
    url: URL = request.url.include_query_params(**{PARAMETER: language})
    return f"{url.path}?{url.query}"
