from django.template import Context, Template

from tests.markup import markup


def test_a_head_says_what_is_below_it_which_are_numbers_and_what_nobody_sees():
    head = markup(
        Template('{% table_head "Group" "People" numbers="People" hidden="Actions" %}').render(Context())
    )

    assert head == (
        '<thead><tr><th scope="col">Group</th><th scope="col" class="table__number">People</th>'
        '<th scope="col"><span class="visually-hidden">Actions</span></th></tr></thead>'
    )
