"""Files that people send: fetched by us, through a guard; given as downloads, pictures to be looked at."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.web.http import Request
from gateway import public_files
from gateway.public_files import NotFetched, PublicFile
from messaging.inbox.models import Message
from messaging.inbox.models.shown_file import PICTURES, name_of_kind
from messaging.inbox.views.threads import get_message_or_404

MAX_NAME_LENGTH = 100


@require_GET
def attachment(request: Request, pk: int, number: int) -> HttpResponse:
    """`number`: which of the message's, from 0. With `?shown=`, a picture for the page itself."""
    message = get_message_or_404(request, pk)
    if number >= len(message.attachments):
        return redirect("inbox:thread", message.thread_id)
    try:
        found = public_files.fetch(str(message.attachments[number].get("resourceLocation", "")))
    except NotFetched as error:
        return _not_fetched(request, message, error)
    message.keep_size(number, len(found.content))
    if "shown" in request.GET:
        return _picture(found)
    return _download(found, message.files[number].name)


def _not_fetched(request: Request, message: Message, error: NotFetched) -> HttpResponse:
    if "shown" in request.GET:
        return HttpResponse(error.text, status=404, content_type="text/plain; charset=utf-8")
    messages.error(request, error.text)
    return redirect("inbox:thread", message.thread_id)


def _picture(found: PublicFile) -> HttpResponse:
    """Only what a browser can do nothing with but draw it."""
    if found.kind not in PICTURES:
        return HttpResponse("This is no picture.", status=404, content_type="text/plain; charset=utf-8")
    headers = {
        "Content-Disposition": "inline",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=3600",
    }
    return HttpResponse(found.content, content_type=found.kind, headers=headers)


def _download(found: PublicFile, name: str) -> HttpResponse:
    filename = name_of_kind(name[:MAX_NAME_LENGTH], found.kind)
    shown = content_disposition_header(as_attachment=True, filename=filename)
    headers = {"Content-Disposition": shown or "", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(found.content, content_type="application/octet-stream", headers=headers)
