"""What verification checks of a draw, and how it tells a difference, in both languages.

The sampler tells in English, always by these texts; one that is newer than this client is shown as it came.
"""

from typing import Final

from stickprov_client.language.service_messages import told
from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.http.sampler import DrawVerification

CHECKS: Final = frozenset(
    {
        marked("the log has the frame, the seed and the sample, and each can be read"),
        marked("the log names one frame, one seed and one draw throughout"),
        marked("the frame was in the log before the seed, and the seed before the sample"),
        marked("frame and committed seed were in the log before the sample"),
        marked("the seed is the one that was committed"),
        marked("the allocation adds up to the sample"),
        marked("spares and extensions fit the draw"),
        marked("the frame file is the one whose hash is in the log"),
        marked("the frame file holds the units that the log says"),
        marked("the allocation follows from its rule"),
        marked("every ticket follows from seed and case"),
        marked("the drawn cases are those with the smallest tickets"),
        marked("the drawn cases are those that the start and the interval meet"),
        marked("the drawn cases are those with the smallest ranking variables"),
        marked("the cases stand in the order of their tickets"),
        marked("the cases stand in the order of the draw"),
        marked("every inclusion probability is n/N of its part"),
        marked("every inclusion probability is 1 divided by the interval"),
        marked("every inclusion probability is the unit's share of the sizes"),
        marked("month, stratum, unit, handler and subunits are the frame's"),
        marked("every event is the one whose hash stands in the log"),
    }
)
DIFFERENCES: Final = frozenset(
    {
        marked("An event of the draw or its frame cannot be read: %(why)s."),
        marked("The log has no frame for the draw."),
        marked("The log has no seed for the draw."),
        marked("%(event)s names %(field)s %(found)s, expected %(expected)s."),
        marked("Case %(case)s names %(field)s %(found)s, expected %(expected)s."),
        marked("The draw has no place in the log yet. Verify it again shortly."),
        marked("The log has the frame at position %(frame)s, the seed at %(seed)s and the sample at %(sample)s."),
        marked("The log has the frame at position %(frame)s, the commitment at %(seed)s and the sample at %(sample)s."),
        marked("SeedDrawn says the frame is at position %(said)s, the log has it at %(found)s."),
        marked("SeedRevealed shows a seed with hash %(found)s, and %(expected)s was committed."),
        marked("In month %(month)s, %(found)s cases are drawn, and the allocation says %(said)s."),
        marked(
            "In month %(month)s, stratum “%(stratum)s”, %(found)s cases are drawn, and the allocation says %(said)s."
        ),
        marked("SampleDrawn says %(what)s = %(said)s, and %(found)s are counted."),
        marked("SampleDrawn and FrameFrozen give different sizes by month."),
        marked("SampleDrawn and FrameFrozen give different sizes by month and stratum."),
        marked("CaseReplaced takes out case %(case)s, which is not in the draw then."),
        marked("CaseReplaced gives case %(case)s another month or stratum than it has."),
        marked("CaseReplaced names spare %(case)s, and %(found)s other cases follow."),
        marked("Spare %(spare)s is of another stratum than case %(case)s."),
        marked("SampleExtended says that %(said)s cases are added, and %(found)s follow."),
        marked("The allocation of SampleExtended is not what was drawn before with the %(added)s added cases."),
        marked("The frame file is gone, so nothing can be drawn from it again."),
        marked("The frame file's SHA-256 is %(found)s, and the log says %(said)s."),
        marked("Month %(month)s, stratum “%(stratum)s”: the file holds %(found)s units, and the log says %(said)s."),
        marked("The design that the log says cannot be followed: %(why)s"),
        marked("SampleDrawn says start = %(said)s, and the seed gives %(found)s."),
        marked("The allocation says %(said)s in all, and its rule gives %(found)s."),
        marked("The allocation says %(said)s from “%(part)s”, and its rule gives %(found)s."),
        marked("SampleDrawn gives the strata other numbers of handlers than the frame file has."),
        marked("Case %(case)s has ticket %(found)s, expected %(expected)s."),
        marked("Case %(case)s has one of the smallest tickets (%(ticket)s), and the log does not draw it."),
        marked("Case %(case)s is one that the rule selects, and the log does not draw it."),
        marked("The log draws case %(case)s, whose ticket is not among the smallest."),
        marked("The log draws case %(case)s, which the rule does not select."),
        marked("Case %(case)s came as number %(order)s of its part, after number %(before)s."),
        marked("Event %(number)s of %(stream)s (%(type)s) is not the one whose hash stands in the log."),
        marked("Case %(case)s has %(field)s %(found)s, computed again %(expected)s."),
    }
)
FIELDS: Final = frozenset(
    {
        marked("frame"),
        marked("frame hash"),
        marked("series"),
        marked("seed"),
        marked("draw"),
        marked("algorithm"),
        marked("control points"),
        marked("period"),
        marked("order"),
        marked("inclusion probability"),
        marked("month"),
        marked("stratum"),
        marked("unit"),
        marked("handler"),
        marked("subunits"),
    }
)


def checks_of(verification: DrawVerification, language: Language) -> list[tuple[str, bool]]:
    """Return each thing that was checked, and whether it held."""
    catalogue = texts(language)
    return [(catalogue.gettext(what), held) for what, held in verification.checks]


def first_difference(verification: DrawVerification, language: Language) -> str:
    """Return what differs, in words; "" where nothing does."""
    difference = verification.difference
    if difference is None or difference.text not in DIFFERENCES:
        return verification.first_difference or ""
    catalogue = texts(language)
    values = dict(difference.values)
    if "field" in values:
        values["field"] = catalogue.gettext(values["field"])
    if "why" in values:
        values["why"] = told(values["why"], language)
    return catalogue.gettext(difference.text) % values
