"""Every column of text, JSON or bytes that there is, and what is said of each."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models

from contacts.erasure.registry import HOLDERS
from contacts.erasure.words_holder import ToldHolder
from tests.erasure.free_of_people import FREE_OF_PEOPLE

OWN = ("accounts", "gateway", "contacts", "whatsapp", "campaigns", "inbox", "overview")
MAY_SAY_ANYTHING = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.FileField,
)


def of_text() -> Iterator[str]:
    """Each as "contacts.Contact.phone". What has choices can say nothing else."""
    own = [model for app in OWN for model in apps.get_app_config(app).get_models(include_auto_created=True)]
    for model in [*own, Session]:
        for field in model._meta.concrete_fields:
            if isinstance(field, MAY_SAY_ANYTHING) and not field.choices:
                yield f"{model._meta.label}.{field.name}"


def covered() -> set[str]:
    return {name for holder in HOLDERS for name in spelled(holder.covers)}


def of_model(label: str) -> list[str]:
    """Names of the columns of the model that a holder covers."""
    return sorted(name.rpartition(".")[2] for name in covered() if name.startswith(f"{label}."))


def told() -> set[str]:
    """What is counted in the report and stays."""
    places = [place for holder in HOLDERS if isinstance(holder, ToldHolder) for place in holder.places]
    return {name for place in places for name in spelled({place.model._meta.label: place.columns})}


def free() -> Counter[str]:
    return Counter(name for each in FREE_OF_PEOPLE.values() for name in spelled(each))


def spelled(columns: Mapping[str, str]) -> Iterable[str]:
    return [f"{model}.{name}" for model, names in columns.items() for name in names.split()]
