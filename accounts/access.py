"""What each role may do, as decorators for views."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase

from accounts.http import Request

View = Callable[..., HttpResponseBase]
ViewT = TypeVar("ViewT", bound=View)

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def writers_only_post(view: View) -> View:
    """A view that changes something when posted to: a viewer may look, and gets 403 when they post."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in SAFE_METHODS and not request.user.can_write:
            raise PermissionDenied("Your role is viewer. Ask an admin to make you a marketer to do this.")
        return view(request, *args, **kwargs)

    return guarded


def writers_only(view: View) -> View:
    """A page that exists only to change something: a viewer gets 403 for looking, too."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.can_write:
            raise PermissionDenied("Your role is viewer. Ask an admin to make you a marketer to do this.")
        return view(request, *args, **kwargs)

    return guarded


def admins_only(view: View) -> View:
    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_admin:
            raise PermissionDenied("This page is for admins.")
        return view(request, *args, **kwargs)

    return guarded


def approval_not_required(view: ViewT) -> ViewT:
    """A page for people whom no admin has let in yet, too."""
    view.approval_not_required = True  # type: ignore[attr-defined]  # as Django marks `login_not_required`
    return view
