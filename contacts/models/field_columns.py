"""The fields of the catalogue as columns, of contacts and of the rows that become contacts.

The number is a column of its own in each: it is the key.
"""

from typing import Any

from django.db import models

from contacts.fields import DETAILS, Field


class ContactColumns(models.Model):
    """Empty, or null where a number is not known. Those that code names are named for it here."""

    first_name: str
    last_name: str
    email: str

    class Meta:
        abstract = True


class RowColumns(models.Model):
    """Null says nothing, and an empty text, or 0, empties what is there."""

    class Meta:
        abstract = True


def _column(field: Field, **options: Any) -> models.Field:
    if field.is_number:
        return models.PositiveSmallIntegerField(null=True, **options)
    return models.CharField(max_length=field.max_length, **options)


for each in DETAILS:
    choices = each.choices or None
    ContactColumns.add_to_class(each.name, _column(each, blank=True, choices=choices, help_text=each.kept_as))
    RowColumns.add_to_class(each.name, _column(each, **({} if each.is_number else {"null": True})))
