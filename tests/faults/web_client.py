"""Someone who uses the dashboard over HTTP as a browser without JavaScript would."""

import html
import re
from typing import Any

import requests

PASSWORD = "sandbox"


class WebClient:
    def __init__(self, url: str, sandbox_url: str) -> None:
        self.url, self.sandbox_url = url, sandbox_url
        self.session = requests.Session()
        self.code = ""  # what the sign-in service gave for the tokens

    def sign_in(self, person: str) -> None:
        self.get("/sign-in/")
        page = self.post("/oauth/start/")
        form = {"person": person, "password": PASSWORD}
        landed = self.session.post(page.url, data=form, headers={"Referer": page.url}, timeout=30)
        self.code = next(filter(None, (_code_in(each.headers["Location"]) for each in landed.history)), "")
        assert _checked(landed).url.startswith(self.url), f"{person} was not signed in: {landed.url}"

    def get(self, path: str) -> requests.Response:
        return _checked(self.session.get(self.url + path, timeout=30))

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> requests.Response:
        token = {"csrfmiddlewaretoken": self.session.cookies["csrftoken"]}
        headers = {"Referer": self.url + path}
        return _checked(
            self.session.post(self.url + path, (data or {}) | token, headers=headers, timeout=60, **options)
        )


def form_fields(page: str, *, action: str) -> dict[str, Any]:
    """What a browser would send of the form with that action, were nothing changed."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert form, f"no form with action {action}"
    values: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        name, kind = _attribute(tag, "name"), _attribute(tag, "type")
        if name and (kind not in {"checkbox", "radio", "submit", "file"} or " checked" in tag):
            values.setdefault(name, []).append(_attribute(tag, "value"))
    for select in re.findall(r"<select.*?</select>", form[0], re.DOTALL):
        options = re.findall(r"<option[^>]*\bselected\b[^>]*>", select)
        values[_attribute(select, "name")] = [_attribute(option, "value") for option in options]
    for area, text in re.findall(r"(<textarea[^>]*>)(.*?)</textarea>", form[0], re.DOTALL):
        values[_attribute(area, "name")] = [html.unescape(text).lstrip("\n")]
    return values


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


def _code_in(address: str) -> str:
    found = re.search(r"[?&]code=([^&]+)", address)
    return found[1] if found else ""


def _checked(response: requests.Response) -> requests.Response:
    request = response.request
    assert response.ok, f"{request.method} {request.url}: {response.status_code}\n{response.text[:1500]}"
    return response
