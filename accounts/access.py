"""What each role may do, as decorators for views."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST

from accounts.web.http import Request

View = Callable[..., HttpResponseBase]
ViewT = TypeVar("ViewT", bound=View)

NEEDS_FACTOR = "needs_factor"  # in a session to which nothing but setting one up is open
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def _guard(allows: Callable[[Request], bool], words: str) -> Callable[[View], View]:
    def decorator(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not allows(request):
                raise PermissionDenied(words)
            return view(request, *args, **kwargs)

        guarded.allows = allows  # type: ignore[attr-defined]  # asked before the body is read, too
        return guarded

    return decorator


def _both(outer: Callable[[View], View], inner: Callable[[View], View]) -> Callable[[View], View]:
    return lambda view: outer(inner(view))


_VIEWER = "Your role is viewer. Ask an admin to make you a marketer to do this."
# A page that exists only to change something: a viewer gets 403 for looking, too.
writers_only = _guard(lambda request: request.user.can_write, _VIEWER)
admins_only = _guard(lambda request: request.user.is_admin, "This page is for admins.")

# With the methods that are answered; others get 405, whoever asks.
_form = require_http_methods(["GET", "HEAD", "POST"])
writers_post, admins_post = _both(require_POST, writers_only), _both(require_POST, admins_only)
writers_form, admins_form = _both(_form, writers_only), _both(_form, admins_only)
# A viewer may look at it, and gets 403 when they post.
viewable_form = _both(
    _form, _guard(lambda request: request.method in SAFE_METHODS or request.user.can_write, _VIEWER)
)


def factor_not_required(view: ViewT) -> ViewT:
    """A page for people who have to set up a second factor first, too."""
    view.factor_not_required = True  # type: ignore[attr-defined]  # as Django marks `login_not_required`
    return view


def takes_files(view: ViewT) -> ViewT:
    """A form with a file: elsewhere none is read, nor any long body."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def approval_not_required(view: ViewT) -> ViewT:
    """A page for people whom no admin has let in yet, too."""
    view.approval_not_required = True  # type: ignore[attr-defined]  # as Django marks `login_not_required`
    return view
