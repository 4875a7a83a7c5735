"""What axe-core and a narrow screen find wrong with a page: in light and dark, wide and narrow."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.browser_sessions import DESKTOP, PHONE

NARROWEST = {"width": 360, "height": 740}
FAILING_IMPACTS = {"serious", "critical"}
VIOLATIONS_ONLY = {"resultTypes": ["violations"]}
CONTRAST_ONLY = VIOLATIONS_ONLY | {"runOnly": ["color-contrast"]}  # all that differs in the dark
FRAME = [[".rail"], [".topbar"]]  # the same around every page
# What a rule finds is all of one impact.
NEVER_GRAVE = """grave => axe._audit.rules
    .filter(rule => rule.impact && !grave.includes(rule.impact))
    .map(rule => rule.id)"""


def axe_violations(page: Page, *, with_frame: bool = True) -> list[str]:
    """Serious and critical findings on the page as it stands, one line each; of its frame, too, or not."""
    page.evaluate(Axe().axe_script)
    unasked = page.evaluate(NEVER_GRAVE, sorted(FAILING_IMPACTS))
    all_grave = VIOLATIONS_ONLY | {"rules": {rule: {"enabled": False} for rule in unasked}}
    left_out = [] if with_frame else FRAME
    found = []
    for screen, size in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)
        found += [f"{screen}: {each}" for each in _failing(page, left_out, all_grave)]
        page.emulate_media(color_scheme="dark")
        found += [f"{screen}, dark: {each}" for each in _failing(page, left_out, CONTRAST_ONLY)]
        page.emulate_media(color_scheme="light")
    return found + _horizontal_overflow(page)


def _failing(page: Page, left_out: list[list[str]], options: dict[str, Any]) -> list[str]:
    asked = [{"exclude": left_out}, options]
    violations = page.evaluate("([where, options]) => axe.run(where, options)", asked)["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:160]}"
        for each in violations
        if each["impact"] in FAILING_IMPACTS
        for node in each["nodes"][:3]
    ]


def _horizontal_overflow(page: Page) -> list[str]:
    page.set_viewport_size(NARROWEST)
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{width} pixels hang over at {NARROWEST['width']}"] if width > 0 else []
