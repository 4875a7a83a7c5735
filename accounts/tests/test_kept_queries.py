from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.kept_queries import kept
from accounts.models import AuditEvent, Customer, User


@kept
def of_name(name):
    return Customer.objects.filter(name=name)


@kept
def of_names(names, but):
    return Customer.objects.filter(name__in=names).exclude(pk=but).order_by("name")


@kept
def since(at):
    return AuditEvent.objects.filter(at__gte=at)


@kept
def joined(customer):
    return AuditEvent.objects.filter(customer=customer).select_related("customer")


def test_each_call_asks_for_what_it_is_given(kahvila, trattoria):
    assert of_name(kahvila.name) == [kahvila]
    assert of_name(trattoria.name) == [trattoria]
    assert of_name("Robert'); DROP TABLE accounts_customer; --%s") == []


def test_as_many_as_there_are_and_rows_by_their_keys(kahvila, trattoria, outsider_oy):
    assert of_names((kahvila.name, outsider_oy.name), trattoria) == [kahvila, outsider_oy]
    assert of_names((kahvila.name,), kahvila) == []
    assert of_names((), kahvila) == []


def test_times_are_compared_as_the_database_keeps_them(kahvila):
    now = timezone.now()
    event = AuditEvent.objects.create(verb="thread.closed", customer=kahvila, at=now)

    assert since(now - timedelta(seconds=1)) == [event]
    assert since(now + timedelta(seconds=1)) == []


def test_what_was_written_is_written_once(kahvila, django_assert_num_queries):
    written = []

    @kept
    def named(name):
        written.append(name)
        return User.objects.filter(name=name)

    with django_assert_num_queries(2):
        named("Aino"), named("Mikko")

    assert len(written) == 1


def test_rows_that_are_joined_are_refused(kahvila):
    with pytest.raises(AssertionError, match="joins rows"):
        joined(kahvila)
