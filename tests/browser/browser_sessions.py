"""Chromium's windows: each a person's own browser, watched for what must never happen in it."""

from collections import defaultdict
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
NO_PAGE = "/healthz"  # of the dashboard, without a script
STORE = """items => {
    localStorage.clear()
    for (const { name, value } of items) localStorage.setItem(name, value)
}"""


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
        self._idle: defaultdict[str, list[BrowserContext]] = defaultdict(list)

    @contextmanager
    def open(self, person: str = "", *, is_kept: bool = True, **options: Any) -> Iterator[Page]:
        """A page of a browser as if fresh, signed in as the person; whatever went wrong in it fails here.

        A person's browser is emptied and kept for the next test: to start one takes as long as three pages.
        A clock, or a script before each page, can never be taken out: with one, `is_kept` is False.
        """
        state = self._session_of(person) if person else None
        is_kept = is_kept and bool(person) and options.get("java_script_enabled", True)
        browser = self._kept_context if is_kept else self._context
        with browser(storage_state=state, **options) as (context, page_errors):
            yield context.new_page()
            page_errors.assert_none()

    @contextmanager
    def _kept_context(
        self, *, storage_state: Any, **options: Any
    ) -> Iterator[tuple[BrowserContext, PageErrors]]:
        """With a page that stays open, so that its process does; after a failure it is not kept."""
        idle = self._idle[f"{storage_state} {options}"]
        if not idle:
            idle.append(self._new_context(storage_state=storage_state, **options))
            idle[0].new_page().goto(NO_PAGE)
        context, page_errors = idle.pop(), PageErrors()
        context.on("page", page_errors.watch)
        try:
            yield context, page_errors
            context.remove_listener("page", page_errors.watch)
            self._empty(context, storage_state)
            idle.append(context)
        except BaseException:
            context.close()
            raise

    def _empty(self, context: BrowserContext, state: Any) -> None:
        stays, *pages = context.pages
        for page in pages:
            page.close()
        context.set_offline(False)
        context.unroute_all()
        context.clear_permissions()
        context.clear_cookies()
        context.add_cookies(state["cookies"])
        stored = [each["localStorage"] for each in state["origins"] if each["origin"] == self.stack.url]
        stays.evaluate(STORE, stored[0] if stored else [])

    def _session_of(self, person: str) -> Any:
        if person not in self._sessions:
            with self._context() as (context, _):
                sign_in_pages.sign_in(context.new_page(), person)
                self._sessions[person] = context.storage_state()
        return self._sessions[person]

    @contextmanager
    def _context(self, **options: Any) -> Iterator[tuple[BrowserContext, PageErrors]]:
        context, page_errors = self._new_context(**options), PageErrors()
        context.on("page", page_errors.watch)
        try:
            yield context, page_errors
        finally:
            context.close()

    def _new_context(self, **options: Any) -> BrowserContext:
        context = self.browser.new_context(base_url=self.stack.url, **({"viewport": DESKTOP} | options))
        context.set_default_timeout(PATIENCE_MS)
        return context
