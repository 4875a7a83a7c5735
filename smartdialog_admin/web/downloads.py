"""A file that is made or fetched while it is downloaded is work: so many at once, so many of one person."""

import re
from typing import Any

from django.conf import settings
from django.http import parse_cookie

from smartdialog_admin.web.concurrency_limits import Seats
from smartdialog_admin.web.early_answers import answer, header

AT_ONCE, OF_EACH = 12, 3
TOO_MANY = "Other files are being downloaded at the moment. Wait until one of them is done, and try again."
_FILE = re.compile(
    r"/(?:contacts/\d+|settings/opt-outs)/export/\Z|/contacts/imports/\d+/rejects\.csv\Z"
    r"|/campaigns/(?:\d+/(?:people|left-out/export|list/rejects)|comparison/report)/\Z"
    r"|/inbox/(?:messages/\d+/attachments/\d+|response-times/file)/\Z",
    re.ASCII,
)


class Downloads:
    def __init__(self, app: Any) -> None:
        self._app, self._seats = app, Seats(total=AT_ONCE, each=OF_EACH)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if not _FILE.match(scope["path"]):
            await self._app(scope, receive, send)
            return
        cookies = parse_cookie(header(scope, b"cookie").decode("latin-1"))
        with self._seats.one_for(cookies.get(settings.SESSION_COOKIE_NAME, "")) as has_seat:
            if has_seat:
                await self._app(scope, receive, send)
            else:
                await answer(send, 429, TOO_MANY)
