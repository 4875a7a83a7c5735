"""The phone pages: find a phone, read it, answer from it."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sandbox.api.calls import Refusal
from sandbox.api.numbers import e164
from sandbox.control import conversations
from sandbox.deliveries.inbound import UnknownAddress, receive

ANY_NUMBER = re.compile(r"\+?\d{3,20}")


@require_safe
@never_cache
def phone_list(request: HttpRequest) -> HttpResponse:
    """?q= searches; ?number= opens any phone, also one that nothing has reached."""
    if request.GET.get("number"):
        number = normalize_number(request.GET["number"])
        if number:
            return redirect("phone", number=number)
    search = request.GET.get("q", "").strip()
    page = {
        "phones": conversations.recent_phones(search),
        "search": search,
        "asked": request.GET.get("number", ""),
    }
    return render(request, "sandbox/phones.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def phone(request: HttpRequest, number: str) -> HttpResponse:
    """Read the phone; POST writes an answer from it."""
    problem = send_from_phone(request, number) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        return redirect("phone", number=number)
    owner = conversations.owner_names([number]).get(number, "")
    page = {"addresses": conversations.addresses(number), "owner": owner, "problem": problem}
    return render(request, "sandbox/phone.html", screen(number) | page, status=400 if problem else 200)


@require_safe
@never_cache
def bubbles(request: HttpRequest, number: str) -> HttpResponse:
    """The screen alone, or 204 when it is as the caller's ?marker= says."""
    if request.GET.get("marker") == conversations.conversation_version(number):
        return HttpResponse(status=204)
    return render(request, "sandbox/_bubbles.html", screen(number))


def screen(number: str) -> dict[str, Any]:
    shown = conversations.conversation(number)
    return {"number": number, "marker": conversations.conversation_version(number), "bubbles": shown}


def send_from_phone(request: HttpRequest, number: str) -> str:
    """Send what was written; returns what is wrong, or nothing."""
    text = request.POST.get("quick") or request.POST.get("text", "").strip()
    photo = "attachment" in request.POST
    if not text and not photo:
        return "Write something first."
    attachments = [photo_of(request)] if photo else []
    try:
        receive(sender=number, address=request.POST.get("to", ""), text=text, attachments=attachments)
    except UnknownAddress as error:
        return f"{error}."
    return ""


def photo_of(request: HttpRequest) -> dict[str, str]:
    location = request.build_absolute_uri("/_static/photo.png")
    return {"name": "photo.png", "mimeType": "image/png", "resourceLocation": location}


def normalize_number(text: str) -> str:
    """The number in E.164 where it can be, else as digits; empty when it is no number at all."""
    try:
        return e164(text)
    except Refusal:
        digits = re.sub(r"[\s()-]", "", text)
        return digits if ANY_NUMBER.fullmatch(digits) else ""
