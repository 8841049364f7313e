"""What a row knows beside its columns, as JSON; null where there is nothing of it."""

import json
from typing import Any

from stickprov_reporting.domain.projection.answers import answers_as_json, answers_from_json
from stickprov_reporting.domain.projection.review import FileReview, First, Review, Second, Subunit


def detail_as_json(review: Review, first: First | None) -> str | None:
    """Return questionnaire, answers and subunits of a review, and what it settled."""
    if not (review.questionnaire or review.answers or review.subunits or review.settled):
        return None
    detail: dict[str, Any] = {"questionnaire": review.questionnaire, "answers": answers_as_json(review.answers)}
    if review.subunits:
        detail["subunits"] = [_subunit_as_json(one) for one in review.subunits]
    if review.settled:
        detail["first"] = first
    return json.dumps(detail)


def with_detail(review: Review, detail: str | None) -> tuple[Review, First | None]:
    """Return a review with what ``detail_as_json`` had of it."""
    if detail is None:
        return review, None
    found = json.loads(detail)
    first = found.get("first")
    whole = review._replace(
        questionnaire=found["questionnaire"],
        answers=answers_from_json(found["answers"]),
        subunits=tuple(_subunit_from_json(one) for one in found.get("subunits", ())),
        settled="first" in found,
    )
    return whole, None if first is None else First(*first)


def second_as_json(second: Second | None) -> str | None:
    """Return the second review."""
    return None if second is None else json.dumps(second)


def second_from_json(text: str | None) -> Second | None:
    """Return what ``second_as_json`` was given."""
    if text is None:
        return None
    version, remark, categories = json.loads(text)
    return Second(version, remark, tuple(categories))


def file_review_as_json(found: FileReview | None) -> str | None:
    """Return the file review."""
    return None if found is None else json.dumps({**found._asdict(), "answers": answers_as_json(found.answers)})


def file_review_from_json(text: str | None) -> FileReview | None:
    """Return what ``file_review_as_json`` was given."""
    if text is None:
        return None
    found = json.loads(text)
    categories, answers = tuple(found.pop("categories")), answers_from_json(found.pop("answers"))
    return FileReview(**found, categories=categories, answers=answers)


def _subunit_as_json(one: Subunit) -> dict[str, object]:
    return {**one._asdict(), "answers": answers_as_json(one.answers)}


def _subunit_from_json(found: dict[str, Any]) -> Subunit:
    answers = answers_from_json(found["answers"])
    return Subunit(found["outcome"], found["reason"], found["remark"], tuple(found["categories"]), answers)
