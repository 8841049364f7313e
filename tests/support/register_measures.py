"""Registers of the seed documents' counted controls, with as many rows and as many hits as those print."""

from collections.abc import Iterable


def table(header: str, rows: Iterable[str]) -> str:
    return "\n".join([header, *rows]) + "\n"


def coordinated_plans() -> str:
    """4243 cases of which 15 have a meeting: 10 attended, 3 of them follow-ups, and 5 initiated."""
    kinds = ["deltagit"] * 7 + ["uppföljning"] * 3 + ["initierat"] * 5
    rows = (f"S{i:05};{1 if i < 15 else ''};{kinds[i] if i < 15 else ''};2020-{9 + i % 4:02}" for i in range(4243))
    return table("Ärende;Möten;Slag;Månad", rows)


def plan_ages() -> str:
    """73 clients on 30 June 2014: 21 plans older than a year, 22 more older than 3 months, the others newer."""
    dates = ["2013-06-29"] * 21 + ["2014-03-30"] * 22 + ["2014-03-31"] * 15 + ["2014-06-02"] * 15
    return table("Klient;Plan", (f"K{i:03};{day}" for i, day in enumerate(dates)))


def long_cases() -> str:
    """Eight cases on 31 December 2013, six open for over 4 months, of which three lack an extension."""
    rows = ["1;2013-02-01;", "2;2013-03-01;", "3;2013-04-10;", "4;2013-05-02;2013-08-30", "5;2013-06-01;2013-09-20"]
    rows += ["6;2013-08-30;2013-12-01", "7;2013-08-31;", "8;2013-12-01;"]
    return table("Ärende;Öppnat;Förlängt", rows)


def preschool_staff() -> str:
    """100 staff in three units, with a degree 30, 35 and 50 % of them: 38 in all."""
    rows = []
    for unit, staff, degrees in [("Ekorren", 30, 9), ("Lärkan", 40, 14), ("Vinkel", 30, 15)]:
        rows += [f"{unit[0]}{i};{unit};{'ja' if i < degrees else 'nej'}" for i in range(staff)]
    return table("Anställning;Enhet;Legitimerad", rows)


def updated_plans() -> str:
    """12 participants with the month their plan was updated in; two have none that year."""
    updated = ["2017-01-10", "2017-01-31", "2017-02-01", "2017-12-31", "", "2016-12-30"]
    rows = (f"D{i};{day};2017-01" for i, day in enumerate(updated))
    return table("Deltagare;Uppdaterad;Månad", rows)
