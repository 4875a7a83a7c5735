import pytest

from accounts.listed import Listed
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
