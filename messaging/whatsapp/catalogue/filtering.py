"""The templates that somebody asks for: by words, standing, language, category, number, or archived."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from django.db.models import Q

from accounts.web.params import text_param
from messaging.whatsapp.models import STANDING_LABELS, TemplateQuerySet

ARCHIVED = "archived"


@dataclass(frozen=True)
class TemplateFilter:
    """As the address has it; what is empty or unknown narrows nothing."""

    q: str = ""
    state: str = ""
    language: str = ""
    category: str = ""
    identity: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "TemplateFilter":
        found = {each.name: text_param(asked.get(each.name), most=100) for each in fields(cls)}
        known = found["state"] in {*STANDING_LABELS, ARCHIVED}
        return cls(**{**found, "state": found["state"] if known else ""})

    def narrow(self, rows: TemplateQuerySet) -> TemplateQuerySet:
        """All but the standing. Categories are the same in any spelling."""
        if self.q:
            rows = rows.filter(Q(display_name__icontains=self.q) | Q(body__icontains=self.q))
        for name in ("language", "identity"):
            if getattr(self, name):
                rows = rows.filter(**{name: getattr(self, name)})
        return rows.filter(category__iexact=self.category) if self.category else rows
