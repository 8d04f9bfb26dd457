"""`{% post_button %}`: a form that is one button, as templates write it. Known to every template."""

from django import template
from django.forms.utils import flatatt
from django.shortcuts import resolve_url
from django.template import Context, Engine
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag(takes_context=True)
def post_button(
    context: Context,
    content: SafeString,
    to: str,
    *keys: object,
    is_once: bool = False,
    swap: str = "",
    target: str = "",
    **attributes: object,
) -> SafeString:
    """{% post_button "job_retry" job.pk class="button" %}Try again{% endpost_button %}

    to, keys: the name of an address and what is in it, or the address. is_once: it makes something, and a
    second click leads to what the first one made. swap, target: htmx posts it, and does so with the answer.
    Whatever else is named is an attribute of the button, for instance name and value of the form's one field;
    aria_label is aria-label.
    """
    action = resolve_url(to, *keys)
    htmx = {"hx-post": action, "hx-target": target or None, "hx-swap": swap} if swap else {}
    told = {
        "action": action,
        "htmx": flatatt(htmx),
        "button": flatatt({name.replace("_", "-"): value for name, value in attributes.items()}),
        "content": SafeString(content.strip()),
        "is_once": is_once,
    }
    with context.push(**told):
        return Engine.get_default().get_template("_post_button.html").render(context)
