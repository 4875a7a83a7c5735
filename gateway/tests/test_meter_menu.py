from django.template import Context
from django.test import RequestFactory

from accounts.models import Rights
from accounts.templatetags.ui import lasting_forms
from gateway.rate_limit.call_meter import Meter

MARKETER = Rights(can_write=True, is_admin=False, is_approved=True)


def test_the_menu_bears_the_token_and_the_address_of_their_own_page():
    def menu(path: str, **words: object) -> str:
        page = Context({"request": RequestFactory().get(path), "csrf_token": f"token-of-{path}"})
        own = {"meter": Meter(state="active"), "rights": MARKETER} | words
        return lasting_forms(page, "includes/_meter_menu.html", **own)

    assert menu("/one/") == menu("/one/")
    for here, other in [("/one/", "/two/"), ("/two/", "/one/")]:
        assert f'name="next" value="{here}"' in menu(here)
        assert f'value="token-of-{here}"' in menu(here)
        assert other not in menu(here)
    assert 'value="/&lt;b&gt;/"' in menu("/<b>/")
    assert "See every call" in menu("/one/", rights=MARKETER._replace(is_admin=True))
    assert "See every call" not in menu("/one/")
