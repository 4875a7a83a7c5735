"""Whom a segment means, in all groups of a customer that SmartDialog lists, and how many they are."""

from dataclasses import dataclass

from django.db.models import Count

from accounts.models import Customer
from contacts.models import Contact
from contacts.models.contact import ContactQuerySet
from contacts.segments.conditions import Scope, condition
from contacts.segments.parser import parse
from contacts.segments.syntax import Node
from gateway.models import Service


@dataclass(frozen=True)
class PeopleCount:
    """`people`: each number once. `groups`: how many of them each group has, by name."""

    people: int
    groups: list[tuple[Service, int]]


def contacts_of(text: str, customer: Customer) -> ContactQuerySet:
    """Of a kept text, whom it means today: a row for each group that somebody is in. Raises SegmentError."""
    return contacts_meant(parse(text), customer)


def contacts_meant(node: Node, customer: Customer) -> ContactQuerySet:
    groups = Service.objects.filter(customer=customer).offered().groups()
    rows = Contact.objects.present().filter(group__in=list(groups))
    return rows.filter(condition(node, Scope.of(customer)))


def count(node: Node, customer: Customer) -> PeopleCount:
    """Three queries. Raises SegmentError."""
    rows = contacts_meant(node, customer)
    in_groups = dict(rows.order_by().values_list("group").annotate(number=Count("pk")))
    groups = Service.objects.filter(pk__in=in_groups).order_by("name", "pk")
    people = rows.order_by().values("phone").distinct().count() if len(in_groups) > 1 else None
    return PeopleCount(
        sum(in_groups.values()) if people is None else people,
        [(group, in_groups[group.pk]) for group in groups],
    )
