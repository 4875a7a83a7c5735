import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.db.array_param import Listed, array_literal
from accounts.models import User

pytestmark = pytest.mark.django_db


def test_listed_keys_and_words_are_found_as_in_a_list(mikko, vera, otto):
    keys, names = [mikko.pk, vera.pk], [mikko.username, "nobody, \"{}'"]

    assert set(User.objects.filter(pk__in=Listed(keys))) == {mikko, vera}
    assert set(User.objects.filter(username__in=Listed(names))) == {mikko}
    assert otto in User.objects.exclude(pk__in=Listed(keys))


def test_of_an_empty_list_there_is_nobody_whatever_it_lists(mikko, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not User.objects.filter(username__in=Listed([]))
        assert not User.objects.filter(pk__in=Listed([])).update(username="x")
    assert mikko in User.objects.exclude(pk__in=Listed([]))


@pytest.mark.only_on("postgresql")
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.none() | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))),
    numbers=st.lists(st.none() | st.integers(-(2**63), 2**63 - 1)),
)
def test_an_array_is_read_as_what_was_written(texts, numbers):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[], %s::bigint[]", [array_literal(texts), array_literal(numbers)])
        assert cursor.fetchone() == (texts, numbers)
