"""What a person typed into a form that could not be taken, because their session was over or its token stale.

It is kept in the browser's session on the server, for that person alone, until they have signed in and
send it again. On the server, since that works without JavaScript and leaves nothing in a shared browser.
"""

from dataclasses import dataclass

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

KEY = "typed"
MOST = 100_000  # characters
NEVER = {"csrfmiddlewaretoken", "password"}


@dataclass(frozen=True)
class Typed:
    """`path` is where it was on its way to; `had_file`: with a file, which is not kept."""

    path: str
    fields: list[tuple[str, str]]
    had_file: bool

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What a person would recognise: names in words, filled fields only."""
        return [(name.replace("_", " ").capitalize(), value) for name, value in self.fields if value.strip()]


def keep(request: HttpRequest, person: int) -> bool:
    """Whether there was something to keep, and it was not too much."""
    fields = fields_of(request.POST)
    if not fields or sum(len(value) for _, value in fields) > MOST:
        return False
    request.session[KEY] = {
        "person": person,
        "path": request.get_full_path(),
        "fields": fields,
        "had_file": bool(request.FILES),
    }
    return True


def fields_of(form: MultiValueDict[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in form.lists() if name not in NEVER for value in values]


def of(session: SessionBase, person: int) -> Typed | None:
    kept = session.get(KEY)
    if kept is None or kept["person"] != person:
        return None
    return Typed(kept["path"], [(name, value) for name, value in kept["fields"]], kept["had_file"])


def is_kept(session: SessionBase) -> bool:
    return KEY in session


def forget(session: SessionBase) -> None:
    session.pop(KEY, None)


def forget_others(session: SessionBase, person: int) -> None:
    """Somebody else signs in: what is kept is not theirs to see."""
    if of(session, person) is None:
        forget(session)
