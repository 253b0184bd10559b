"""Headers that every answer needs and no library sets: pages with persons are never stored by a browser or proxy."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class KoppenMiddleware:
    """`no-store` on html and JSON that say nothing themselves. Outside the session middleware, so that it sees the end result."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and not request.path.startswith("/static/"):
            response["Cache-Control"] = "no-store"
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
