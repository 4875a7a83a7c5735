"""Files that people send: fetched by us, through a guard, and given as a download alone."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.http import Request
from gateway import public_files
from gateway.public_files import NotFetched
from messaging.inbox.views.threads import get_message_or_404

MAX_NAME_LENGTH = 100


@require_GET
def attachment(request: Request, pk: int, number: int) -> HttpResponse:
    """`number`: which of the message's, from 0."""
    message = get_message_or_404(request, pk)
    if number >= len(message.attachments):
        return redirect("inbox:thread", message.thread_id)
    file = message.attachments[number]
    try:
        found = public_files.fetch(str(file.get("resourceLocation", "")))
    except NotFetched as error:
        messages.error(request, error.text)
        return redirect("inbox:thread", message.thread_id)
    name = str(file.get("name") or "attachment")[:MAX_NAME_LENGTH]
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(found.content, content_type="application/octet-stream", headers=headers)
