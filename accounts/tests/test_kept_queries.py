from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.db.kept_queries import kept, read_together
from accounts.models import AuditEvent, Customer, User


@kept
def of_name(name):
    return Customer.objects.filter(name=name)


@kept
def of_names(names, but):
    return Customer.objects.filter(name__in=names).exclude(pk=but).order_by("name")


@kept
def listed(names, keys):
    return Customer.objects.filter(name__in=names, pk__in=keys).order_by("name")


@kept
def since(at):
    return AuditEvent.objects.filter(at__gte=at)


@kept
def joined(customer):
    return AuditEvent.objects.filter(customer=customer).select_related("customer", "actor")


@kept
def called(names):
    """By their names, as plain rows."""
    named = Customer.objects.filter(name__in=names).order_by("name")
    return named.annotate(is_ours=Exists(User.objects.filter(customers=OuterRef("pk")))).values_list(
        "pk", "name", "is_ours", named=True
    )


def test_each_call_asks_for_what_it_is_given(kahvila, trattoria):
    assert of_name(kahvila.name) == [kahvila]
    assert of_name(trattoria.name) == [trattoria]
    assert of_name("Robert'); DROP TABLE accounts_customer; --%s") == []


def test_as_many_as_there_are_and_rows_by_their_keys(kahvila, trattoria, outsider_oy):
    assert of_names((kahvila.name, outsider_oy.name), trattoria) == [kahvila, outsider_oy]
    assert of_names((kahvila.name,), kahvila) == []
    assert of_names((), kahvila) == []


def test_a_list_is_one_parameter_however_long_it_is(kahvila, trattoria, outsider_oy):
    strange = ['"', "\\", "'{}", "NULL"]
    names = [kahvila.name, trattoria.name, *strange]

    assert listed(names, [trattoria.pk, outsider_oy.pk]) == [trattoria]
    assert listed([kahvila.name], [kahvila.pk, trattoria.pk, outsider_oy.pk]) == [kahvila]
    assert listed([], [kahvila.pk]) == listed(names, []) == []
    assert len(listed.of(names, [kahvila.pk]).params) == 2


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


def test_values_come_by_their_names(kahvila, trattoria, outsider_oy, vera):
    found = called((trattoria.name, kahvila.name))

    assert [(each.pk, each.name, each.is_ours) for each in found] == [
        (kahvila.pk, kahvila.name, True),
        (trattoria.pk, trattoria.name, False),
    ]


def test_several_are_read_together_each_as_alone(kahvila, trattoria, outsider_oy, mikko):
    AuditEvent.objects.create(verb="thread.closed", customer=kahvila, actor=mikko)
    name = "Robert'); DROP TABLE accounts_customer; --%s"
    queries = [
        of_name.of(name),
        joined.of(kahvila),
        of_names.of((), kahvila),
        called.of((name, outsider_oy.name)),
        since.of(timezone.now() - timedelta(minutes=1)),
    ]

    none, events, nobody, [theirs], lately = read_together(*queries)

    assert (none, nobody, theirs.name) == ([], [], outsider_oy.name)
    assert events == lately == list(AuditEvent.objects.all())
    assert events[0].actor == mikko


@pytest.mark.only_on("postgresql")
def test_several_take_one_way_to_postgresql(kahvila, django_assert_num_queries):
    of_name(kahvila.name)

    with django_assert_num_queries(1):
        assert read_together(of_name.of(kahvila.name), of_names.of((kahvila.name,), 0)) == [[kahvila]] * 2


def test_nothing_of_none_asks_nothing(kahvila, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert read_together(of_names.of((), kahvila), of_names.of((), kahvila)) == [[], []]
