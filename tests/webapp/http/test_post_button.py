from django.template import engines
from django.test import RequestFactory


def shown(source: str, **context: object) -> str:
    html = engines["django"].from_string(source).render(context, RequestFactory().get("/"))
    return " ".join(html.split()).replace("> <", "><")


def test_it_is_a_form_with_its_token_and_one_button():
    html = shown(
        '{% post_button "projects" class="menu__item" aria_current="true" %} Go {% endpost_button %}'
    )
    assert html.startswith(
        '<form method="post" action="/projects/"><input type="hidden" name="csrfmiddlewaretoken"'
    )
    assert html.endswith('<button aria-current="true" class="menu__item" type="submit">Go</button></form>')
    assert "hx-" not in html
    assert 'name="once"' not in html


def test_htmx_posts_it_where_an_answer_has_a_place():
    html = shown('{% post_button "projects" target="#share" swap="outerHTML" %}Close{% endpost_button %}')
    for attribute in (
        'action="/projects/"',
        'hx-post="/projects/"',
        'hx-target="#share"',
        'hx-swap="outerHTML"',
    ):
        assert attribute in html.partition(">")[0]
    assert "hx-target" not in shown('{% post_button "projects" swap="none" %}Keep{% endpost_button %}')


def test_what_makes_something_says_of_which_page_it_is():
    html = shown(
        '{% post_button "projects" is_once=True name="kind" value="pdf" %}Make it{% endpost_button %}',
        once="1a",
    )
    assert '<input type="hidden" name="once" value="1a" autocomplete="off">' in html
    assert '<button name="kind" value="pdf" type="submit">' in html


def test_what_people_wrote_stays_text():
    written = '"><script>'
    html = shown("{% post_button to value=said %}{{ said }}{% endpost_button %}", to="/there/", said=written)
    assert "<script>" not in html
    assert html.count("&quot;&gt;&lt;script&gt;") == 2
