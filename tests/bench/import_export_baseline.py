"""The same rows by django-import-export: as it comes, and as it is fastest."""

import csv
from pathlib import Path
from typing import Any

import tablib
from django.utils import timezone
from import_export import resources

from contacts.models import Contact
from contacts.text.phones import InvalidPhone, to_e164
from gateway.models import Service

FIELDS = ("phone", "first_name", "last_name", "email", "birth_year", "city", "country_code")


class People(resources.ModelResource):
    """Of one group. It stops at the first bad or repeated number, so those are left out for it."""

    class Meta:
        model = Contact
        fields = FIELDS
        import_id_fields = ("phone",)
        skip_unchanged = True
        report_skipped = False

    def __init__(self, group: Service) -> None:
        super().__init__()
        self.group = group

    def get_queryset(self) -> Any:
        return Contact.objects.filter(group=self.group)

    def before_save_instance(self, instance: Contact, row: Any, **kwargs: Any) -> None:
        instance.group = self.group
        instance.properties = {"Level": row["level"]} if row["level"] else {}
        instance.updated_at = timezone.now()
        instance.index()


class PeopleInBulk(People):
    class Meta(People.Meta):
        use_bulk = True
        batch_size = 1000


def take(file: Path, people: People) -> int:
    """How many rows."""
    data = tablib.Dataset(headers=[*FIELDS, "level"])
    seen: set[str] = set()
    with file.open(encoding="utf-8", newline="") as opened:
        lines = csv.reader(opened, delimiter=";")
        next(lines)
        for number, *others in lines:
            try:
                phone = to_e164(number, ["FI"])
            except InvalidPhone:
                continue
            if phone not in seen:
                seen.add(phone)
                data.append([phone, *others])
    result = people.import_data(data, raise_errors=True)
    return int(result.total_rows)
