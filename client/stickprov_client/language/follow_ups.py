"""What verdicts, proposals and statuses of the follow-up are called in both languages."""

from typing import Final

from stickprov_client.language.translations import Language, marked, texts

VERDICTS: Final = {
    "followed": marked("The routine is followed"),
    "partly-followed": marked("The routine is partly followed"),
    "not-followed": marked("The routine is not followed"),
}
PROPOSALS: Final = {
    "keep": marked("Keep the control point"),
    "reformulate": marked("Reformulate the control point"),
    "retire": marked("Retire the control point"),
}
ACTION_STATUSES: Final = {
    "proposed": marked("Proposed"),
    "decided": marked("Decided"),
    "under-way": marked("Under way"),
    "done": marked("Done"),
    "dropped": marked("Dropped"),
}
EFFECTS: Final = {
    "yes": marked("It has had effect"),
    "partly": marked("It has partly had effect"),
    "no": marked("It has had no effect"),
}
ROW_STATUSES: Final = {
    "not-started": marked("Not started"),
    "under-way": marked("Under way"),
    "done": marked("Done"),
    "deviation": marked("Deviation"),
    "not-applicable": marked("Not applicable"),
}
FORM_TEXTS: Final = {
    "carried_out_by": marked("Control carried out by"),
    "sampling_method": marked("Method of selection"),
    "result": marked("Result"),
    "assessment": marked("Comment on the outcome (possible risks and causes)"),
    "proposed_actions": marked("Proposed actions"),
    "process": marked("Process and routine"),
    "system": marked("System"),
    "wording": marked("New wording"),
}
"""The standard form's free texts, in its order."""


def named(kind: str, language: Language, names: dict[str, str]) -> str:
    """Return what a choice is called; one that a newer service knows stands as it is."""
    return texts(language).gettext(names[kind]) if kind in names else kind


def choices(names: dict[str, str], language: Language) -> list[tuple[str, str]]:
    """Return what can be chosen, with what it is called."""
    say = texts(language).gettext
    return [(kind, say(name)) for kind, name in names.items()]
