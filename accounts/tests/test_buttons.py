from django.template import Context, Template

from tests.markup import markup


def drawn(tag: str, **context: object) -> str:
    return markup(Template(tag).render(Context(context)))


def test_a_button_posts_to_its_address_once_with_the_token_of_the_page():
    button = drawn('{% button_to "Sign out" "accounts:sign_out" icon="log-out" id="out" %}', csrf_token="abc")

    assert '<form method="post" action="/sign-out/" data-once>' in button
    assert '<input type="hidden" name="csrfmiddlewaretoken" value="abc">' in button
    assert '<button class="button" id="out"><svg' in button
    assert "Sign out</button>" in button


def test_a_button_says_what_it_is_about_to_those_who_do_not_see_it():
    button = drawn('{% button_to "Remove" "accounts:sign_out" about=name look="small" %}', name="<b>")

    assert '<button class="button button--small">' in button
    assert 'Remove<span class="visually-hidden">&lt;b&gt;</span></button>' in button


def test_a_link_to_a_question_leads_to_its_page_without_a_script():
    link = drawn('{% dialog_link "Times" "accounts:preferences" query=query look="danger" %}', query='?q="')

    assert (
        'class="button button--danger" href="/preferences/?q=&quot;" hx-get="/preferences/?q=&quot;"' in link
    )
    assert 'hx-target="#dialog"' in link


def test_a_link_back_leads_to_what_a_page_belongs_to():
    link = drawn('{% back_link name "accounts:preferences" %}', name="<Jäsenet>")

    assert link.startswith('<a class="page__back" href="/preferences/"><svg')
    assert link.endswith("<bdi>&lt;Jäsenet&gt;</bdi></a>")


def test_a_form_says_its_address_once():
    form = drawn('<form {% posts_to "accounts:sign_out" query=query target="#work" %}>', query="?a&b")

    where = 'action="/sign-out/?a&amp;b" hx-post="/sign-out/?a&amp;b" hx-target="#work"'
    assert form == f'<form method="post" {where}>'
