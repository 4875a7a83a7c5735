"""The template of each page, by a table: whoever changes a page finds it there."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from accounts.sign_in import code_sign_in, unsent_forms
from contacts.models import Import, ImportState
from messaging.campaigns.models import Campaign, CampaignState
from messaging.whatsapp.models import Template, TemplateState
from tests.access.access_table import ACCESS_TABLE, AccessLevel
from tests.access.addresses import Address, addresses
from tests.access.conftest import World
from tests.access.page_templates import TEMPLATES_OF_PAGES, TEMPLATES_OF_POSTS
from tests.people import client_of, make_person

pytestmark = pytest.mark.django_db

TEMPLATES = settings.BASE_DIR / "templates"
FRAGMENT = {"HX-Request": "true"}
# What a row must be to have the page.
REST_WAITS = {"state": CampaignState.SENDING, "first_share": 10, "first_done_at": timezone.now()}
READY = {
    "contacts:import_undo": (Import, {"state": ImportState.DONE, "saved": 1}),
    "whatsapp:template": (Template, {"state": TemplateState.LISTED}),
    "whatsapp:approval": (Template, {"state": TemplateState.SUBMITTED}),
    "whatsapp:joining": (Template, {"state": TemplateState.SUBMITTED}),
    "whatsapp:description": (Template, {"state": TemplateState.LISTED, "remote_id": "elsewhere"}),
    "campaigns:campaign": (Campaign, {"state": CampaignState.SENT}),
    "campaigns:approval": (Campaign, {"state": CampaignState.AWAITING, "people": 2}),
    "campaigns:cancellation": (Campaign, {"state": CampaignState.SCHEDULED}),
    "campaigns:resumption": (Campaign, {"state": CampaignState.PLANNING, "paused_at": timezone.now()}),
    "campaigns:resending": (Campaign, {"state": CampaignState.SENT, "begun_at": timezone.now()}),
    "campaigns:retries": (Campaign, {"state": CampaignState.SENT}),
    "campaigns:repeats": (Campaign, {"people": 2, "state": CampaignState.SENT}),
    "campaigns:rest": (Campaign, REST_WAITS),
    "campaigns:rest_omission": (Campaign, REST_WAITS),
    "campaigns:release": (Campaign, {"state": CampaignState.HELD}),
}


@pytest.mark.parametrize("address", addresses(), ids=lambda one: one.name)
def test_each_page_is_drawn_by_the_template_that_is_named_for_it(address: Address, world: World):
    path = address.path(world.rows)
    browser = somebody_for(address, world)
    make_ready(address, browser, world.admin)

    page, fragment = (drawn(browser, path, headers) for headers in ({}, FRAGMENT))

    named = TEMPLATES_OF_PAGES.get(address.name, ("",))
    assert (page, fragment) == (named[0], named[-1])


@pytest.mark.parametrize("name", TEMPLATES_OF_POSTS)
def test_each_page_that_a_post_draws_is_drawn_by_the_template_named_for_it(name: str, world: World):
    form, template = TEMPLATES_OF_POSTS[name]
    address = next(one for one in addresses() if one.name == name)

    answer = world.browser().post(address.path(world.rows), form)

    assert answer.templates[0].name == template


def test_every_named_page_exists():
    assert {*TEMPLATES_OF_PAGES, *TEMPLATES_OF_POSTS} <= {one.name for one in addresses()}


def test_every_template_that_is_a_page_is_named():
    named = {name for names in TEMPLATES_OF_PAGES.values() for name in names} | {
        name for _, name in TEMPLATES_OF_POSTS.values()
    }

    assert {name for name in templates() if not name.rpartition("/")[2].startswith("_")} - named == FRAMES


# What pages extend, and what Django itself draws.
FRAMES = {
    "base.html",
    "base_bare.html",
    "400.html",
    "403.html",
    "403_csrf.html",
    "404.html",
    "413.html",
    "500.html",
}


def templates() -> set[str]:
    return {str(Path(path).relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")}


def somebody_for(address: Address, world: World) -> Client:
    match ACCESS_TABLE[address.name]:
        case AccessLevel.PUBLIC:
            return Client()
        case AccessLevel.WAITING:
            return client_of(make_person("Nina", Role.VIEWER, world.customer, approved=False))
    return world.browser()


def make_ready(address: Address, browser: Client, person: User) -> None:
    if address.name in READY:
        model, fields = READY[address.name]
        model.objects.update(**fields)
    if address.name == "accounts:code":
        session = browser.session
        code_sign_in.begin(session, person, "/")
        session.save()
    if address.name == "accounts:typed":
        session = browser.session
        session[unsent_forms.SESSION_KEY] = {
            "person": person.pk,
            "path": "/",
            "fields": [("name", "Anna")],
            "had_file": False,
        }
        session.save()


def drawn(browser: Client, path: str, headers: dict[str, str]) -> str:
    answer = browser.get(path, headers=headers)
    return answer.templates[0].name if answer.templates else ""
