"""What is wrong with an answer of a reviewer, in both languages, by the code of the findings service."""

from typing import Final

from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.problems import FieldProblem

_MESSAGES: Final = {
    "answer-missing": marked("Answer this question."),
    "answer-derived": marked("This answer is computed; leave it out."),
    "categories-contradicted": marked("The answers say what the remark is about. Change the answers instead."),
    "category-missing": marked("Choose what the remark is about."),
    "category-unknown": marked("This category is not there any more. Choose another."),
    "category-without-remark": marked("Say that there is a remark, or choose no category."),
    "choice-unknown": marked("Choose one of the answers."),
    "comment-missing": marked("Say in the comment what the other reason is."),
    "date-in-future": marked("The date lies in the future."),
    "date-too-early": marked("The date lies too far back. Is the year right?"),
    "date-unreadable": marked("Write the date as 2021-03-31."),
    "number-too-long": marked("The number has too many digits."),
    "number-unreadable": marked("Write a number, such as 12 or 1250.50."),
    "outcome-unknown": marked("Choose an outcome."),
    "question-not-applicable": marked("This question does not apply with the other answers. Take the answer away."),
    "question-unknown": marked("This question is not asked any more."),
    "questionnaire-unknown": marked("The questions have changed. Open the case anew; what you wrote is kept."),
    "reason-missing": marked("Give a reason."),
    "reason-not-needed": marked("A reason is only for what was not reviewed."),
    "reason-unknown": marked("Choose one of the reasons."),
    "remark-contradicted": marked("The answers say otherwise. Change the answers instead."),
    "remark-missing": marked("Say whether there is a remark."),
    "string-pattern-mismatch": marked("Choose one of the answers."),
    "string-too-long": marked("This is too long: at most 10,000 characters."),
    "string-too-short": marked("Write something here."),
    "subunit-missing": marked("Say something about every one."),
    "subunit-unknown": marked("The case has no such part any more. Open the case anew; what you wrote is kept."),
    "text-unreadable": marked("The text has characters that cannot be used, or is too long."),
}


def message_of(problem: FieldProblem, language: Language) -> str:
    """Return what to do about it; a code we do not know is said as the service said it."""
    known = _MESSAGES.get(problem.code)
    return texts(language).gettext(known) if known else problem.message
