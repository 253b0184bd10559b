"""One log line per request, without its query string (a search for a name is in it) and without what a visitor made up."""

from typing import Any

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

from overstap.basis.pad import veilig_pad


class VerzoekMiddleware(RequestMiddleware):
    """django-structlog's, silent for the health pages that are asked every few seconds."""

    def __call__(self, request: HttpRequest) -> Any:
        if request.path.startswith("/gezondheid"):
            return self.get_response(request)
        return super().__call__(request)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {veilig_pad(request)}"
