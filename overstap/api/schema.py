"""The OpenAPI document: made by drf-spectacular from the views, with the structs that are read and sent as its schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from accounts.rechten import SCOPE_LABELS
from overstap.api.problemen import TITELS

F = TypeVar("F", bound=Callable[..., Any])
_STRUCTS: dict[str, Any] = {}
_REF = "#/components/schemas/{name}"


class ProbleemVeld(msgspec.Struct):
    name: str
    code: str
    reason: str


class ProbleemObject(msgspec.Struct, rename="camel"):
    """application/problem+json (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    invalid_params: list[ProbleemVeld]


_STRUCTS["ProbleemObject"] = ProbleemObject


def _ref(struct: Any) -> dict[str, Any]:
    _STRUCTS[struct.__name__] = struct
    return {"$ref": _REF.format(name=struct.__name__)}


def vraagveld(
    naam: str, uitleg: str, *, keuzes: Iterable[str] = (), vorm: str = "", verplicht: bool = False
) -> OpenApiParameter:
    """A query parameter."""
    soort: dict[str, Any] = {"type": "integer"} if vorm == "getal" else {"type": "string"}
    if keuzes:
        soort["enum"] = list(keuzes)
    if vorm in ("date", "date-time"):
        soort["format"] = vorm
    return OpenApiParameter(naam, soort, OpenApiParameter.QUERY, description=uitleg, required=verplicht)


PAGINA = (
    vraagveld("cursor", "Waar de volgende bladzijde begint; staat in 'volgende'."),
    vraagveld("limiet", "Hoeveel per bladzijde, 1 tot en met 1000.", vorm="getal"),
)


def beschrijf(
    naam: str,
    samenvatting: str,
    antwoord: Any,
    *,
    label: str,
    uitleg: str = "",
    invoer: Any = None,
    ook: Iterable[Any] = (),
    vraag: Iterable[OpenApiParameter] = (),
    status: int = 200,
    fouten: Iterable[int] = (),
    soort: str = "application/json",
    koppen: Mapping[str, str] | None = None,
) -> Callable[[F], F]:
    """Describe one method of a view. ``antwoord`` (or a schema) and ``invoer`` are structs; ``ook``: structs that those name by reference."""
    for struct in ook:
        _ref(struct)
    probleem = {("application/problem+json"): _ref(ProbleemObject)}
    antwoorden: dict[Any, Any] = {
        (status, soort): OpenApiResponse(
            antwoord if isinstance(antwoord, dict) else _ref(antwoord), description=samenvatting
        )
    }
    for code in sorted({400, 401, 403, 404, 405, 406, 429, 500, 503, *fouten}):
        antwoorden[(code, "application/problem+json")] = OpenApiResponse(
            probleem["application/problem+json"], description=TITELS[code]
        )
    kop_parameters = [
        OpenApiParameter(
            kop, {"type": "string"}, OpenApiParameter.HEADER, description=tekst, required=kop == "If-Match"
        )
        for kop, tekst in (koppen or {}).items()
    ]
    versie = OpenApiParameter(
        "API-Version", {"type": "string"}, OpenApiParameter.HEADER, description="Versie van deze API.", response=True
    )
    return extend_schema(
        operation_id=naam,
        summary=samenvatting,
        description=uitleg or samenvatting,
        tags=[label],
        request={"application/json": _ref(invoer)} if invoer is not None else None,
        responses=antwoorden,
        parameters=[*vraag, *kop_parameters, versie],
    )


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Client credentials, with the scope that each call needs."""

    uitleg = (
        "Een token haalt u op bij POST /oauth/token met grant_type=client_credentials. Het systeem bewijst wie het is met zijn geheim "
        "(client_secret_basic, of client_secret_post) of met een zelf getekende JWT (private_key_jwt, RFC 7523): client_assertion_type="
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer en client_assertion met alg ES256, PS256 of RS256; iss en sub het "
        "client_id, aud het adres van /oauth/token, exp hoogstens vijf minuten na nu, en een jti die maar één keer werkt. Een token werkt "
        "tien minuten. Voor een andere instelling aanleveren kan met een mandaat van die instelling voor die dienst (anders T003)."
    )

    target_class = "overstap.api.basis.ViaToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        scopes = {scope.value: label for scope, label in SCOPE_LABELS.items()}
        return {
            "type": "oauth2",
            "description": self.uitleg,
            "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": scopes}},
        }

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]] | list[Any]:
        scope = getattr(auto_schema.view, "scope", None)
        return {self.name: [scope.value]} if scope is not None else []


def componenten(result: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """Postprocessing hook: the structs as components, and what the NL API Design Rules want at the top."""
    _, schemas = msgspec.json.schema_components(list(_STRUCTS.values()), ref_template=_REF)
    result.setdefault("components", {}).setdefault("schemas", {}).update(schemas)
    result["components"]["schemas"] = dict(sorted(result["components"]["schemas"].items()))
    return result


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The whole OpenAPI document; made once per process."""
    # With api_version as well it would say "1.0.0 (1.0.0)", which is no semver.
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    gemaakt: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return gemaakt


@lru_cache(maxsize=1)
def document_json() -> bytes:
    """The same, as it is sent."""
    return msgspec.json.encode(document())
