"""Which of SmartDialog's discussions a conversation is."""

from django.contrib import messages
from django.http import HttpResponse

from accounts.access import writers_post
from accounts.web.http import Request
from messaging.inbox.forms import DiscussionForm
from messaging.inbox.replies import discussions
from messaging.inbox.views.team import to_thread
from messaging.inbox.views.threads import get_thread_or_404


@writers_post
def discussion(request: Request, pk: int) -> HttpResponse:
    """Link it by its id, or take the link off."""
    thread, form = get_thread_or_404(request, pk), DiscussionForm(request.POST)
    if "off" in request.POST:
        discussions.unlink(thread, by=request.user)
    elif not form.is_valid():
        messages.error(request, "Write the id as SmartDialog has it: one line, at most 200 characters.")
    else:
        try:
            discussions.link(thread, form.cleaned_data["discussion"], by=request.user)
        except discussions.OfSomebodyElse as error:
            messages.error(request, error.text)
    return to_thread(request, thread)
