"""What is held of a person, to hand over to them: for programs as JSON, for people as text."""

import json
from collections.abc import Sequence

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from contacts.erasure.person_search import Found
from gateway import clock


def as_json(phone: str, found: Sequence[Found]) -> str:
    content = {
        "number": phone,
        "asked": clock.now().isoformat(),
        "held": {
            each.customer.name: {section.title: section.rows for section in each.sections} for each in found
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)


def as_text(phone: str, found: Sequence[Found]) -> str:
    lines = [f"What is held of {phone}", f"{timezone.localtime():%d %B %Y %H:%M}".lstrip("0"), ""]
    for each in found:
        lines += [each.customer.name, "=" * len(each.customer.name), ""]
        for section in each.sections:
            lines += [section.title, "-" * len(section.title)]
            for row in section.in_words():
                lines += [*(f"{name}: {value}" for name, value in row), ""]
    return "\n".join(lines)
