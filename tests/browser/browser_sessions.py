"""Chromium's windows: each a person's own browser, watched for what must never happen in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page

from tests.browser import sign_in_pages
from tests.faults.stack import Stack

PATIENCE_MS = 30_000  # for one thing to appear; a loaded machine is slow
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass
class PageErrors:
    """What pages of a context did that no page may do."""

    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)  # by the content security policy
    strangers: list[str] = field(default_factory=list)  # addresses asked that are not this machine's

    def watch(self, page: Page) -> None:
        page.on("dialog", self._dialog)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("request", lambda request: self._request(request.url))

    def assert_none(self) -> None:
        assert {kind: each for kind, each in asdict(self).items() if each} == {}

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _request(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.strangers.append(url)

    def _console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            self.refusals.append(f"{message.location.get('url')}: {message.text}")


class BrowserSessions:
    """Opens pages of a stack for its people. Each signs in once, through the platform's own page."""

    def __init__(self, browser: Browser, stack: Stack) -> None:
        self.browser, self.stack = browser, stack
        self._sessions: dict[str, Any] = {}

    @contextmanager
    def open(self, person: str = "", **options: Any) -> Iterator[Page]:
        """A page of a fresh browser, signed in as the person; whatever went wrong in it fails here."""
        state = self._session_of(person) if person else None
        with self._context(storage_state=state, **options) as (context, page_errors):
            yield context.new_page()
            page_errors.assert_none()

    def _session_of(self, person: str) -> Any:
        if person not in self._sessions:
            with self._context() as (context, _):
                sign_in_pages.sign_in(context.new_page(), person)
                self._sessions[person] = context.storage_state()
        return self._sessions[person]

    @contextmanager
    def _context(self, **options: Any) -> Iterator[tuple[BrowserContext, PageErrors]]:
        context = self.browser.new_context(base_url=self.stack.url, **({"viewport": DESKTOP} | options))
        context.set_default_timeout(PATIENCE_MS)
        page_errors = PageErrors()
        context.on("page", page_errors.watch)
        try:
            yield context, page_errors
        finally:
            context.close()
