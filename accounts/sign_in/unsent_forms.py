"""What a person typed into a form that could not be taken, because their session was over or its token stale.

It is kept in the browser's session on the server, for that person alone, until they have signed in and
send it again. On the server, since that works without JavaScript and leaves nothing in a shared browser.
"""

from dataclasses import dataclass

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from accounts.web.uploads import had_file

SESSION_KEY = "typed"
MAX_CHARACTERS = 100_000  # characters
NEVER_KEPT = {
    "csrfmiddlewaretoken",
    "password",
    "old_password",
    "new_password1",
    "new_password2",
    "code",
}


@dataclass(frozen=True)
class UnsentForm:
    """`path` is where it was on its way to; `had_file`: with a file, which is not kept."""

    path: str
    fields: list[tuple[str, str]]
    had_file: bool

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What a person would recognise: names in words, filled fields only."""
        return [(name.replace("_", " ").capitalize(), value) for name, value in self.fields if value.strip()]


def save(request: HttpRequest, person: int) -> bool:
    """Whether there was something to keep, and it was not too much."""
    fields = fields_of(request.POST)
    if not fields or sum(len(value) for _, value in fields) > MAX_CHARACTERS:
        return False
    request.session[SESSION_KEY] = {
        "person": person,
        "path": request.get_full_path(),
        "fields": fields,
        "had_file": had_file(request),
    }
    return True


def fields_of(form: MultiValueDict[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in form.lists() if name not in NEVER_KEPT for value in values]


def load(session: SessionBase, person: int) -> UnsentForm | None:
    kept = session.get(SESSION_KEY)
    if kept is None or kept["person"] != person:
        return None
    return UnsentForm(kept["path"], [(name, value) for name, value in kept["fields"]], kept["had_file"])


def is_saved(session: SessionBase) -> bool:
    return SESSION_KEY in session


def discard(session: SessionBase) -> None:
    session.pop(SESSION_KEY, None)


def discard_others(session: SessionBase, person: int) -> None:
    """Somebody else signs in: what is kept is not theirs to see."""
    if load(session, person) is None:
        discard(session)
