"""What axe-core and a narrow screen find wrong with a page: in light and dark, wide and narrow."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.browsing import DESKTOP, PHONE

NARROWEST = {"width": 360, "height": 740}
GRAVE = {"serious", "critical"}
WORST = {"resultTypes": ["violations"]}
COLOURS = WORST | {"runOnly": ["color-contrast"]}  # all that differs in the dark


def faults(page: Page) -> list[str]:
    """Serious and critical findings on the page as it stands, one line each."""
    page.evaluate(Axe().axe_script)
    found = []
    for screen, size in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)
        found += [f"{screen}: {each}" for each in _grave(page, WORST)]
        page.emulate_media(color_scheme="dark")
        found += [f"{screen}, dark: {each}" for each in _grave(page, COLOURS)]
        page.emulate_media(color_scheme="light")
    return found + _overhang(page)


def _grave(page: Page, options: dict[str, Any]) -> list[str]:
    violations = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:160]}"
        for each in violations
        if each["impact"] in GRAVE
        for node in each["nodes"][:3]
    ]


def _overhang(page: Page) -> list[str]:
    page.set_viewport_size(NARROWEST)
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{width} pixels hang over at {NARROWEST['width']}"] if width > 0 else []
