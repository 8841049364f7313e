"""Filling in a case's form in a browser, and looking at what was recorded."""

import re
from typing import Final

from playwright.sync_api import Locator, Page

from stickprov_contracts.http.findings import Review
from support.review_cases import CaseMaker, Cases

REVIEWER: Final = "reviewer-07"
SAVED: Final = re.compile(r"Utkast sparat \d\d\.\d\d")
DONE: Final = re.compile(r"\?done=/review/|\?done=/second-review/")
"""The page after a case that was sent: the next one, or the queue."""


def field(page: Page, name: str) -> Locator:
    return page.locator(f"[id='{name}']")


def fill_in(page: Page, *, money: str = "0", comment: str = "") -> None:
    """Answer everything without a plan."""
    page.get_by_role("group", name="aktuell handlingsplan").get_by_label("Nej").check()
    page.get_by_role("group", name="samordnad").get_by_label("Nej").check()
    page.get_by_role("group", name="huvudsakliga grunden").get_by_label("Annan grund").check()
    page.get_by_role("group", name="underlag").get_by_label("Hyresavi").check()
    field(page, "answers.belopp").fill(money)
    field(page, "comment").fill(comment)


def send(page: Page) -> None:
    page.get_by_role("button", name="Skicka och ta nästa").click()


def review_of(maker: CaseMaker, cases: Cases, place: int = 0, *, account: str = REVIEWER) -> Review:
    return maker.do(account, lambda services: services.findings.review(cases.key(place)))


def outcomes(review: Review) -> list[str]:
    return [entry.what for entry in review.history if entry.what != "started"]
