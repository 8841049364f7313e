"""What designs, rules, warnings and reasons of draws are called in both languages."""

from typing import Final

from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.http.draws import DrawWarning

DESIGNS: Final = {
    "census": marked("Census"),
    "simple": marked("Simple random sample"),
    "stratified": marked("Stratified sample"),
    "per_group": marked("Sample of each handler's cases"),
    "systematic": marked("Systematic sample"),
    "cluster": marked("Cluster sample"),
    "pps": marked("Sample by size"),
}
_RULES: Final = {
    "each": marked("the same from every stratum"),
    "explicit": marked("as given"),
    "proportional": marked("in proportion to size"),
    "equal": marked("equally"),
    "per_reviewer": marked("by number of handlers"),
    "neyman": marked("by size and spread"),
}
_WARNINGS: Final = {
    "one-of-stratum": marked("A stratum with one drawn case has no variance: draw at least 2."),
    "one-per-group": marked("One case of each handler has no variance: give at least 2."),
    "small-groups": marked("Some handlers have fewer cases; all of them are drawn."),
    "empty-stratum": marked("Nothing is drawn from some strata."),
    "drawn-last-period": marked("Units of the frame were drawn last period and may be drawn again."),
    "seed-known": marked("Whoever knows the seed can foresee the cases."),
    "rounded": marked("Depending on the start, one case more may be drawn."),
}
REASONS: Final = {
    "closed": marked("The case is closed"),
    "moved": marked("The person has moved"),
    "duplicate": marked("The case stands twice"),
    "not-in-population": marked("It should not have been in the frame"),
    "file-missing": marked("The file cannot be found"),
    "conflict-of-interest": marked("Conflict of interest"),
    "protected": marked("Protected identity"),
    "other": marked("Another reason"),
}


def design_name(design: str, language: Language) -> str:
    """Return what a design is called."""
    return texts(language).gettext(DESIGNS[design])


def rule_name(rule: str, language: Language) -> str:
    """Return how n is shared out."""
    return texts(language).gettext(_RULES[rule])


def reason_name(reason: str, language: Language) -> str:
    """Return why a case gave way to a spare."""
    return texts(language).gettext(REASONS[reason])


def warning_text(warning: DrawWarning, language: Language) -> str:
    """Return a warning with what it is about."""
    text = texts(language).gettext(_WARNINGS[warning.code])
    return f"{text} ({', '.join(warning.names)})" if warning.names else text
