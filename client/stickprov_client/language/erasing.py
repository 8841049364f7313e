"""Words of erasure (gallring): how something stands, why it went, what was taken."""

from typing import Final

from stickprov_client.language.numbers import whole
from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.events.erasure import ErasureReason
from stickprov_contracts.http.erasure import CarriedOut, DueErasure, FoundPerson, Retention, Searched, Standing

STANDINGS: Final[dict[Standing, str]] = {
    "due": marked("due"),
    "not-due": marked("not due yet"),
    "no-retention": marked("no time decided"),
    "held": marked("held"),
    "erased": marked("erased"),
}
"""How a draw or a frame stands."""

WHYS: Final[dict[ErasureReason, str]] = {
    "schedule": marked("the time is up"),
    "request": marked("on request"),
}
"""Why something was erased."""


SEARCHED: Final[dict[Searched, str]] = {
    "personal-number": marked("a personal number, in every spelling"),
    "case-number": marked("a case number, as it was written"),
    "neither": marked("text, as it was written"),
}
"""As what something that was typed was looked for."""


def person_told(found: FoundPerson, language: Language) -> str:
    """Return in a sentence what an erasure of a person would take; never whom."""
    say = texts(language).gettext
    message = marked(
        "No case was found. It was looked for as {searched}, in every drawn case and {looked} frames. Check the number."
    )
    if found.cases or found.frames:
        message = marked(
            "Found: {cases} cases in {draws} draws (of these held: {held}), and the person's row in {frames} frames."
        )
    counts = {"cases": found.cases, "draws": found.draws, "held": found.held, "frames": found.frames}
    told = {name: whole(count, language) for name, count in counts.items()}
    looked = whole(found.frames_searched, language)
    return say(message).format(searched=say(SEARCHED[found.searched]), looked=looked, **told)


def not_a_number_told(language: Language) -> str:
    """Return what is said of something that was typed and that nobody can have as a number."""
    return texts(language).gettext(
        "What was written is no valid personal number (its check digit, date or signs are wrong), and no case number. "
        "Nothing was found and nothing was erased. Check the number."
    )


def due_at_once(would: DueErasure, control_point: str) -> tuple[int, int, int]:
    """Return how many draws, cases and frames of a control point are due at once."""
    draws = [one for one in would.draws if one.standing == "due" and control_point in one.control_points]
    frames = [one for one in would.frames if one.standing == "due" and one.control_point == control_point]
    return len(draws), sum(one.erasable for one in draws), len(frames)


def would_be_due_told(at_once: tuple[int, int, int], language: Language) -> str:
    """Return in a sentence what would be due at once."""
    draws, cases, frames = (whole(count, language) for count in at_once)
    return (
        texts(language)
        .gettext(
            "With this time, {cases} cases of {draws} draws and {frames} frames are due at once; the next run erases "
            "them, and they cannot come back."
        )
        .format(draws=draws, cases=cases, frames=frames)
    )


def standing_told(standing: Standing, language: Language) -> str:
    """Return how something stands."""
    return texts(language).gettext(STANDINGS[standing])


def why_told(why: ErasureReason, language: Language) -> str:
    """Return why something was erased."""
    return texts(language).gettext(WHYS[why])


def retention_told(retention: Retention, language: Language) -> str:
    """Return how long identities are kept."""
    catalogue = texts(language)
    if retention.months is None:
        return catalogue.gettext("no time decided")
    count = whole(retention.months, language)
    told = catalogue.ngettext("{count} month", "{count} months", retention.months).format(count=count)
    if retention.keep_for_research:
        return catalogue.gettext("{time}; days 5, 15 and 25 stay for research").format(time=told)
    return told


def carried_out_told(done: CarriedOut, language: Language) -> list[str]:
    """Return in sentences what an erasure took."""
    say = texts(language).gettext
    if done.erasure is None:
        told = [say("There was nothing to erase.")]
    else:
        counts = (
            (say("Cases"), done.cases),
            (say("Draws"), done.draws),
            (say("People the vault knows nothing of any more"), done.identities),
            (say("Frames whose identities are gone"), done.frames),
            (say("Frames written anew without them"), done.frames_rewritten),
            (say("Keys of pseudonyms"), done.series),
            (say("Names of staff"), done.staff),
            (say("Free texts of the sampler"), done.notes),
        )
        told = [say("Erased:"), *(f"{name}: {whole(count, language)}" for name, count in counts if count)]
    if done.kept_for_research:
        told.append(
            say("Cases kept for research: {count}. Only erasing a case or a person takes them.").format(
                count=whole(done.kept_for_research, language)
            )
        )
    if done.draws_held:
        told.append(
            say("Draws kept by a hold, wholly or in part: {count}.").format(count=whole(done.draws_held, language))
        )
    return told
