from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.db.kept_queries import kept
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
    return AuditEvent.objects.filter(customer=customer).select_related("customer", "actor")


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


def test_rows_that_are_joined_come_along(kahvila, mikko, django_assert_num_queries):
    for actor in [mikko, None]:
        AuditEvent.objects.create(verb="thread.closed", customer=kahvila, actor=actor)
    joined(kahvila)

    with django_assert_num_queries(1):
        assert [(each.customer, each.actor) for each in joined(kahvila)] == [
            (kahvila, None),
            (kahvila, mikko),
        ]


def test_each_thread_asks_by_a_connection_of_its_own(kahvila, django_assert_num_queries):
    of_name(kahvila.name)
    asked = []

    with django_assert_num_queries(0):
        thread = Thread(target=lambda: asked.append(_asks(lambda: of_name(kahvila.name))))
        thread.start()
        thread.join()

    assert asked == [1]


def _asks(work):
    """How many queries, by the connection of this thread."""
    with CaptureQueriesContext(connection) as seen:
        work()
    connection.close()
    return len(seen)


def test_what_is_looked_up_beside_the_rows_is_refused(kahvila):
    @kept
    def looked_up(user):
        return User.objects.filter(pk=user).prefetch_related("customers")

    with pytest.raises(AssertionError, match="beside the rows"):
        looked_up(1)
