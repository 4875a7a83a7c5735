"""The people of a campaign as rows of a table, whose markup is made here and in no template, to be quick."""

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.templatetags import ui
from messaging.campaigns.audiences import listed_people
from messaging.campaigns.models import Campaign, Recipient, RecipientState
from messaging.campaigns.outcome import reasons
from messaging.campaigns.outcome.delivery_stats import NO_REPORT

PersonRow = Any  # of a recipient, with NEEDED
NAME = ("contact", "contact__first_name", "contact__last_name")
NEEDED = ("pk", *NAME, "phone", "state", "reason", "settled_at")


def needed(people: QuerySet[Recipient]) -> QuerySet[Recipient, PersonRow]:
    """Of recipients, what their rows show."""
    return people.values_list(*NEEDED, named=True)


def render_rows(campaign: Campaign, people: Sequence[PersonRow], *, lack_reports: bool) -> SafeString:
    """A table row for each. `lack_reports`: who is accepted by now will hardly get one."""
    strangers = {each.phone: _unknown(campaign) for each in people if each.contact is None}
    strangers |= {phone: _bdi(name) for phone, name in listed_people.names(campaign, strangers).items()}
    contacts = reverse("contacts:contact", args=[0]).removesuffix("0/")
    return SafeString("".join(_row(each, contacts, strangers, lack_reports) for each in people))


def _row(person: PersonRow, contacts: str, strangers: Mapping[str, str], lack_reports: bool) -> str:
    is_unknown = lack_reports and person.state == RecipientState.ACCEPTED
    return (
        f'<tr data-list-item><th scope="row">{_name(person, contacts, strangers)}</th>'
        f'<td class="table__fixed" data-label="Number">{escape(ui.phone(person.phone))}</td>'
        f'<td data-label="State"><span>{_no_report() if is_unknown else _state(person.state)}</span></td>'
        f'<td class="table__fixed" data-label="Since">{ui.dated(person.settled_at)}</td>'
        f'<td data-label="Reason">{_reason(person.reason)}</td></tr>'
    )


def _name(person: PersonRow, contacts: str, strangers: Mapping[str, str]) -> str:
    """`strangers`: by number, who is no contact."""
    if person.contact is None:
        return strangers[person.phone]
    name = _bdi(f"{person.contact__first_name} {person.contact__last_name}".strip())
    return f'<a id="person-{person.pk}" href="{contacts}{person.contact}/">{name}</a>'


def _bdi(name: str) -> str:
    return f"<bdi>{escape(name) or 'No name'}</bdi>"


def _unknown(campaign: Campaign) -> str:
    """Of a list, whose rows are kept for some time, nobody had to be a contact."""
    return f'<span class="muted">{"No name kept" if campaign.people_list_id else "Deleted contact"}</span>'


def _reason(kept: str) -> str:
    why = reasons.in_words(kept)
    words = escape(why.words)
    return f'<span title="{escape(why.code)}">{words}</span>' if why.code else words


@cache
def _state(value: str) -> str:
    return ui.status(value, str(RecipientState(value).label))


@cache
def _no_report() -> str:
    return ui.badge(NO_REPORT, "warning")
