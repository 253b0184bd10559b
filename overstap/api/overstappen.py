"""GET /api/v1/overstappen"""

from django.http import HttpRequest, HttpResponse

from accounts.rechten import Recht, Scope
from overstap.api.basis import ApiView, json


class Overstappen(ApiView):
    scope = Scope.OVERSTAPPEN_LEZEN
    recht = Recht.LEERLINGEN_ZIEN

    def get(self, request: HttpRequest) -> HttpResponse:
        return json({})
