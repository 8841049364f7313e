"""How the logs stand that a service hears, and why events wait in quarantine, in people's words."""

from typing import Final

from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.http.logs import LogState, QuarantinedEvent

_WRONG: Final = {
    "unknown-type": marked("This release does not know this kind of event, or not this version of it."),
    "invalid-data": marked("The event is not what its kind says that it should be."),
    "not-applied": marked("The event was understood, but it could not be counted in."),
}
_REMEDY: Final = {
    "unknown-type": marked("Upgrade Stickprov, then try the event again."),
    "invalid-data": marked(
        "Compare the releases of the services: another one wrote it. Upgrade the older one, then try the event again."
    ),
    "not-applied": marked(
        "Try the event again. If it stays, report the reason below together with its position: nothing is lost "
        "meanwhile, but what it says is missing from what this service shows."
    ),
}
HALTED_REMEDY: Final = (
    marked("Nothing more of this log is applied, so that nothing that was counted is overwritten."),
    marked("Find out which history is right: compare the newest kept checkpoint with the source's log."),
    marked(
        "If the source was restored from an older backup, get its tail back from reporting's copy first "
        "(the recover command on the server)."
    ),
    marked("When the source agrees again with what was applied here, let the log go on."),
)
"""What to do about a log whose source disagrees with what was applied, in order."""


def what_is_wrong(event: QuarantinedEvent, language: Language) -> str:
    """Return why an event was set aside."""
    return texts(language).gettext(_WRONG[event.code])


def what_to_do(event: QuarantinedEvent, language: Language) -> str:
    """Return what helps against it."""
    return texts(language).gettext(_REMEDY[event.code])


def lag_of(log: LogState) -> int | None:
    """Return how many events the source has that are not applied; None when it does not answer or disagrees."""
    return None if log.head is None or log.state == "halted" else max(0, log.head - log.applied)


def state_name(log: LogState, language: Language) -> str:
    """Return how a log stands in one or two words."""
    say = texts(language).gettext
    if log.state == "halted":
        return say("halted")
    if log.head is None:
        return say("source away")
    return say("catching up") if lag_of(log) else say("following")
