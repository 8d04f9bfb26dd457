"""What people send is UTF-8; other charsets are answered 400. Ahead of Django, which decodes the address by
the body's charset while it makes the request, where an error has no page.
"""

from django.utils.http import parse_header_parameters

from .body_limit import REFUSAL, Application, Receive, Scope, Send

NOT_UNDERSTOOD = 400


def utf8_only(application: Application) -> Application:
    """`application`, which is asked to answer 400 to a request in any other charset."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not all(map(_is_utf8, _content_types(scope))):
            headers = [header for header in scope["headers"] if header[0].lower() != b"content-type"]
            scope = {**scope, "headers": headers, REFUSAL: NOT_UNDERSTOOD}
        await application(scope, receive, send)

    return answer


def _content_types(scope: Scope) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"content-type"]


def _is_utf8(content_type: str) -> bool:
    """Whether `content_type` names UTF-8 or no charset, and can be read at all."""
    try:
        _, parameters = parse_header_parameters(content_type)
    except (LookupError, ValueError):  # It may name a charset for its own words, too.
        return False
    return parameters.get("charset", "utf-8").strip().lower() in ("utf-8", "utf8")
