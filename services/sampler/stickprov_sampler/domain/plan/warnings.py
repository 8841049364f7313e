"""What looks wrong in a plan but is kept as given: real plans are not consistent products of their labels."""

from collections.abc import Iterator, Mapping

from stickprov_contracts.http.plans import AdoptPlan
from stickprov_contracts.problems import FieldProblem


def warnings_about(plan: AdoptPlan, published: Mapping[str, frozenset[str]]) -> list[FieldProblem]:
    """Return the warnings; their fields are paths into the plan.

    Args:
        plan: the plan as given.
        published: categories that the remarks of each questionnaire are of, by its id.
    """
    return [*_labels(plan), *_idle_risks(plan), *_questionnaires(plan, published)]


def _labels(plan: AdoptPlan) -> Iterator[FieldProblem]:
    """One set of labels has one score, and one score one set of labels; name the place where that ends."""
    scores: dict[str, int] = {}
    labels: dict[int, str] = {}
    for place, risk in enumerate(plan.risks):
        words = " ".join(risk.labels.casefold().split())
        if risk.score is None or not words:
            continue
        first = scores.setdefault(words, risk.score)
        if first != risk.score:
            message = f"“{risk.labels}” has score {risk.score} here and {first} before. Both are kept as given."
            yield FieldProblem(field=f"risks.{place}.score", code="score-differs", message=message)
        before = labels.setdefault(risk.score, words)
        if before != words:
            message = f"Score {risk.score} is “{risk.labels}” here and “{before}” before. Both are kept as given."
            yield FieldProblem(field=f"risks.{place}.labels", code="labels-differ", message=message)


def _idle_risks(plan: AdoptPlan) -> Iterator[FieldProblem]:
    met = {point.risk for point in plan.control_points}
    for place, risk in enumerate(plan.risks):
        if risk.id not in met:
            message = f"No control point meets risk {risk.id}."
            yield FieldProblem(field=f"risks.{place}.id", code="risk-without-point", message=message)


def _questionnaires(plan: AdoptPlan, published: Mapping[str, frozenset[str]]) -> Iterator[FieldProblem]:
    for place, point in enumerate(plan.control_points):
        for name in ("questionnaire", "file_review_questionnaire"):
            asked = getattr(point, name)
            field = f"control_points.{place}.{name}"
            if asked is not None and asked not in published:
                message = f"Questionnaire {asked} is not published yet."
                yield FieldProblem(field=field, code="questionnaire-unpublished", message=message)
            elif lacking := published.get(asked, frozenset()) - {category.id for category in point.categories}:
                named = ", ".join(sorted(lacking))
                message = f"Remarks of questionnaire {asked} are of {named}, which is no category of this point."
                yield FieldProblem(field=field, code="questionnaire-category-missing", message=message)
