"""What was done to many contacts of a group, the latest first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import Request
from accounts.paging import keyset
from contacts.bulk import action_texts
from contacts.views.groups import reached_group

PAGE = 50


@require_GET
def past_actions(request: Request, group: int) -> HttpResponse:
    chosen = reached_group(request, group)
    page = keyset(
        chosen.bulk_actions.select_related("created_by"), before=request.GET.get("before"), size=PAGE
    )
    rows = [(action, action_texts.title(action), action_texts.result(action)) for action in page.rows]
    return render(request, "contacts/past_actions.html", {"group": chosen, "page": page, "rows": rows})
