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


def test_a_table_has_a_name_or_a_heading_and_no_column_without_a_label():
    table = """{% table "#people" "Who" state look="roomy" is_list=True %}<tr></tr>{% endtable %}
        {% table "People" "Who" %}{% endtable %}"""

    shown = markup(Template(table).render(Context({"state": ""})))

    assert (
        'aria-labelledby="people"><table class="table table--stack table--roomy" data-list>'
        '<thead><tr><th scope="col">Who</th></tr></thead><tbody><tr></tr></tbody></table>'
    ) in shown
    assert 'aria-label="People"><table class="table table--stack">' in shown
