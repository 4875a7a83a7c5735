"""Two admins with the same settings open: who saves second is told, and writes nothing over unawares."""

import html
import re
from typing import Any

import pytest
from django.urls import reverse

from accounts.web.stale_forms import CHANGED
from tests.access.conftest import World
from tests.access.sample_rows import PK

pytestmark = pytest.mark.django_db

HOURS = {"zone": "Europe/Helsinki", "open_0": "on", "opens_0": "08:00", "closes_0": "20:00"}
FORMS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "gateway:quirks": ({"save": "1", "lead": "5"}, {"lead": "7"}),
    "opt_out_words:words": ({"stop_fi": "lopeta", "confirmation": "Hei"}, {"stop_fi": "seis"}),
    "campaign_rules:rules": ({"typed_above": "5"}, {"typed_above": "7"}),
    "result_settings:results": ({"price_per_part": "0.05", "currency": "EUR"}, {"price_per_part": "0.07"}),
    "inbox:reply_settings": ({"in_discussions": "on"}, {"sms_after_whatsapp": "on"}),
    "inbox:office_hours": (HOURS, {"closes_0": "21:00"}),
    "sending_hours:edit": (HOURS, {"closes_0": "21:00"}),
    "inbox:team": ({"name": "Keittiö"}, {"name": "Sali"}),
    "inbox:rule": ({"name": "Yksi", "when": "any", "label": "a"}, {"label": "b"}),
}


@pytest.mark.parametrize("name", FORMS)
def test_who_saves_an_older_page_is_told_and_may_save_it_all_the_same(name: str, world: World):
    first, changed = FORMS[name]
    path = reverse(name, args=[PK] if name in {"inbox:team", "inbox:rule"} else [])
    first = first | ({"members": world.admin.pk} if name == "inbox:team" else {})
    browser = world.browser()
    opened = mark_in(browser.get(path))
    assert browser.post(path, first | opened).status_code == 302

    refused = browser.post(path, first | changed | opened)
    assert refused.status_code == 422
    assert CHANGED in html.unescape(refused.content.decode())
    assert mark_in(browser.get(path)) == mark_in(refused) != opened

    assert browser.post(path, first | changed | mark_in(refused)).status_code == 302
    assert mark_in(browser.get(path)) != mark_in(refused)


@pytest.mark.parametrize("name", ["result_settings:results", "inbox:reply_settings"])
def test_who_presses_save_twice_is_told_of_nobody_else(name: str, world: World):
    path, browser = reverse(name), world.browser()
    said = FORMS[name][0] | mark_in(browser.get(path))

    assert [browser.post(path, said).status_code for _ in range(2)] == [302, 302]


def mark_in(answer: Any) -> dict[str, str]:
    [mark] = re.findall(r'name="shown" value="(\w+)"', answer.content.decode())
    return {"shown": mark}
