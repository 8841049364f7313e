"""The dashboard of those who answer for the controls, in Swedish: how far each has come. It names nobody."""

from typing import Final

from support.dashboards.panels import Dashboard, Panel, Row

_CASES: Final = 'max by (control_point) (stickprov_reporting_control_cases{{progress="{}"}})'


def _cases(progress: str) -> str:
    return _CASES.format(progress)


_REVIEWED: Final = f"{_cases('reviewed')} + {_cases('over-coverage')} + {_cases('non-response')}"

_CONTROLS: Final = Row(
    "Kontrollerna",
    [
        Panel(
            "Klart av det dragna",
            {"{{control_point}}": f"({_REVIEWED}) / ({_cases('drawn')} > 0)"},
            "Granskade ärenden, övertäckning och bortfall, av alla dragna, i årets kontroller.",
            unit="percentunit",
            kind="bargauge",
            width=12,
            warn=0.9,
            alarm=0.5,
        ),
        Panel(
            "Andel med anmärkning",
            {"{{control_point}}": f"{_cases('remarks')} / ({_cases('reviewed')} > 0)"},
            "Av de granskade. Utan viktning och osäkerhet: siffran att rapportera står i Stickprov.",
            unit="percentunit",
            kind="bargauge",
            width=12,
        ),
        Panel("Dragna ärenden", {"{{control_point}}": _cases("drawn")}),
        Panel("Granskade ärenden", {"{{control_point}}": _cases("reviewed")}),
        Panel(
            "Kvar att granska",
            {"{{control_point}}": f"{_cases('drawn')} - ({_REVIEWED})"},
            "Dragna ärenden som varken är granskade, övertäckning eller bortfall.",
        ),
        Panel("Övertäckning", {"{{control_point}}": _cases("over-coverage")}, width=12),
        Panel("Bortfall", {"{{control_point}}": _cases("non-response")}, width=12),
    ],
)

_WORK: Final = Row(
    "Arbetet",
    [
        Panel(
            "Granskningar per timme",
            {"{{event}}": "sum by (event) (increase(stickprov_findings_review_events_total[1h]))"},
            "Det som granskarna har sparat, efter vad det var.",
        ),
        Panel(
            "Försenade åtgärder",
            {"försenade": 'max(stickprov_reporting_actions{standing="overdue"})'},
            "Åtgärder vars dag har passerat och som varken är klara eller avskrivna.",
            kind="stat",
            warn=1,
            alarm=5,
        ),
        Panel(
            "Pågående åtgärder i tid",
            {"i tid": 'max(stickprov_reporting_actions{standing="in-time"})'},
            kind="stat",
        ),
    ],
)

_DELAY: Final = Row(
    "Är siffrorna aktuella?",
    [
        Panel(
            "Händelser som inte är inräknade än",
            {"från {{source}}": 'stickprov:inbox_lag_events{job="reporting"}'},
            "Noll betyder att siffrorna visar allt som har sparats.",
            warn=100,
            alarm=1000,
        ),
        Panel(
            "Händelser som inte gick att räkna in",
            {"från {{source}}": 'stickprov:inbox_quarantine_events{job="reporting"}'},
            "Statistiken säger själv till när något saknas.",
            kind="stat",
            warn=1,
        ),
        Panel(
            "Dragningar efter hur det står till med gallringen",
            {"{{standing}}": "max by (standing) (stickprov_sampler_draws_to_erase)"},
            kind="stat",
        ),
    ],
)

CONTROLS: Final = Dashboard(
    "stickprov-controls",
    "Stickprov, kontrollerna",
    "Hur långt årets kontroller har kommit och om siffrorna är aktuella.",
    [_CONTROLS, _WORK, _DELAY],
    since="now-30d",
    refresh="1m",
)
