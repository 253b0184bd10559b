"""Settings. Everything that differs between machines comes from the environment, read by basis/omgeving.py.

Without DATABASE_URL the embedded services of `$OVERSTAP_DATA` are used when they run (manage.py starts them). In production
(OVERSTAP_PRODUCTIE=1) nothing has a default that could be guessed.
"""

import secrets
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from overstap.basis import omgeving
from overstap.basis.embedded import diensten, geheimen
from overstap.basis.embedded.paden import datamap

BASE_DIR = Path(__file__).resolve().parent.parent
OVERSTAP_DATA = datamap()

PRODUCTIE = omgeving.ja_nee("OVERSTAP_PRODUCTIE")
OVERSTAP_DEMO = omgeving.ja_nee("OVERSTAP_DEMO")
if PRODUCTIE and OVERSTAP_DEMO:
    raise ImproperlyConfigured(
        "OVERSTAP_DEMO=1 en OVERSTAP_PRODUCTIE=1 gaan niet samen: in de demo logt iedereen in zonder tweede factor. "
        "Zet één van beide uit."
    )
# A set "today" outside a demo would date real decisions wrongly; there the variable is ignored.
OVERSTAP_VANDAAG = omgeving.datum("OVERSTAP_VANDAAG") if OVERSTAP_DEMO else None

# Never on: a debug page shows personal data. Errors go to the log.
DEBUG = False

# --- Secrets -----------------------------------------------------------------------------------------------------------------
_geheim = {} if PRODUCTIE else geheimen.lees(OVERSTAP_DATA)
_wegwerp = {
    # Only until the first start has made the real ones: `manage.py check`, mypy and the like need no secret that lasts.
    "OVERSTAP_SECRET_KEY": secrets.token_urlsafe(50),
    "OVERSTAP_PGN_SLEUTELS": "1:" + "A" * 43 + "=",
    "OVERSTAP_PGN_INDEX_SLEUTEL": "B" * 43 + "=",
    "OVERSTAP_PUSH_SLEUTELS": "",
}


def _geheime_waarde(naam: str) -> str:
    return omgeving.tekst(naam, None if PRODUCTIE else _geheim.get(naam, _wegwerp[naam]))


SECRET_KEY = _geheime_waarde("OVERSTAP_SECRET_KEY")
# Key ring {versie: 32 bytes}; the first encrypts, all decrypt. The index key makes the blind index; a second one during rotation.
OVERSTAP_PGN_SLEUTELS = omgeving.sleutelring("OVERSTAP_PGN_SLEUTELS", _geheime_waarde("OVERSTAP_PGN_SLEUTELS"))
OVERSTAP_PGN_INDEX_SLEUTEL = omgeving.sleutel(
    "OVERSTAP_PGN_INDEX_SLEUTEL", _geheime_waarde("OVERSTAP_PGN_INDEX_SLEUTEL")
)
# One or more private RSA keys as PEM, or the path of a file with them: what is pushed is signed with the first, and the public half of
# each is at /.well-known/jwks.json. Without one nothing is pushed, and the postbus works as ever.
OVERSTAP_PUSH_SLEUTELS = omgeving.pem(
    "OVERSTAP_PUSH_SLEUTELS",
    omgeving.tekst("OVERSTAP_PUSH_SLEUTELS", "") if PRODUCTIE else _geheime_waarde("OVERSTAP_PUSH_SLEUTELS"),
)
# Push to addresses inside a network and over plain http: for a simulator beside it, never for real data.
OVERSTAP_PUSH_INTERN = omgeving.ja_nee("OVERSTAP_PUSH_INTERN", standaard=not PRODUCTIE)
if PRODUCTIE and OVERSTAP_PUSH_INTERN:
    raise ImproperlyConfigured(
        "OVERSTAP_PUSH_INTERN=1 kan niet in productie: berichten gaan alleen naar https-adressen op internet."
    )

# --- Addresses ---------------------------------------------------------------------------------------------------------------
ALLOWED_HOSTS = omgeving.lijst("OVERSTAP_HOSTS", None if PRODUCTIE else "localhost,127.0.0.1,[::1],testserver")
# Where the pages are seen from outside; for links in mail and API answers made without a request.
OVERSTAP_BASIS_URL = omgeving.tekst("OVERSTAP_BASIS_URL", None if PRODUCTIE else "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = omgeving.lijst("OVERSTAP_HERKOMST", OVERSTAP_BASIS_URL)

# --- Applications ------------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "overstap.apps.OverstapConfig",
    "overstap.basis.outbox",
    "overstap.schermen",
    "accounts",
    "statuses",
    "rapportages",
    "vva_berichten",
    "overstap.aanlevering",
    "overstap.gesprekken",
    # upper apps: each helper adds its line here (vva_berichten, rapportages, overstap.gesprekken, overstap.aanlevering)
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "oauth2_provider",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "overstap.basis.koppen.KoppenMiddleware",
    "overstap.api.middleware.ApiAntwoordMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "overstap.basis.verzoeklog.VerzoekMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "overstap.api.middleware.TokenMiddleware",
    "accounts.middleware.SessieMiddleware",
    "accounts.scope.ScopeMiddleware",
    "accounts.middleware.ToegangMiddleware",
]

ROOT_URLCONF = "overstap.urls"
WSGI_APPLICATION = "overstap.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "overstap.schermen.context.overstap",
            ],
        },
    }
]

# --- Databases: three logins (docs/besluiten), `default` for all work, `eigenaar` for migrations only ---------------------------
_stand = {} if PRODUCTIE else diensten.lees_stand(OVERSTAP_DATA)
_nergens = "postgresql://overstap_app@127.0.0.1:1/overstap"  # loads, and refuses at the first query


def _database_url(naam: str) -> str:
    return omgeving.tekst(naam, None if PRODUCTIE else _stand.get(naam, _nergens))


OVERSTAP_DBROL = omgeving.tekst("OVERSTAP_DBROL", "app")
if OVERSTAP_DBROL not in {"app", "taken"}:
    raise ImproperlyConfigured(f"OVERSTAP_DBROL={OVERSTAP_DBROL!r} bestaat niet; gebruik app of taken.")
_default_naam = {"app": "DATABASE_URL", "taken": "DATABASE_URL_TAKEN"}[OVERSTAP_DBROL]

DATABASES: dict[str, dict[str, Any]] = {
    "default": omgeving.database(_default_naam, _database_url(_default_naam)) | {"ATOMIC_REQUESTS": True},
}
# A process that never migrates need not know the owner's password.
_eigenaar = omgeving.tekst("DATABASE_URL_EIGENAAR", "" if PRODUCTIE else _stand.get("DATABASE_URL_EIGENAAR", ""))
if _eigenaar:
    DATABASES["eigenaar"] = omgeving.database("DATABASE_URL_EIGENAAR", _eigenaar)
DATABASE_ROUTERS = ["overstap.basis.router.Router"]

_pool = omgeving.getal("OVERSTAP_POOL", 0)
if _pool:
    # A request waits a moment for a connection (at most twice) and then answers 503. reconnect_timeout keeps the pool's growing pauses short, so
    # that it is back as soon as the database is.
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": _pool, "timeout": 0.7, "reconnect_timeout": 2}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = omgeving.getal("OVERSTAP_CONN_MAX_AGE", 60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", "2")
# PgBouncer in transaction mode keeps no cursor between transactions.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = omgeving.ja_nee("OVERSTAP_PGBOUNCER")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Broker and cache ----------------------------------------------------------------------------------------------------------
REDIS_URL = omgeving.tekst("REDIS_URL", None if PRODUCTIE else _stand.get("REDIS_URL", "redis://127.0.0.1:1/0"))
CACHES = {
    "default": {
        "BACKEND": "overstap.basis.cache.Cache",
        "LOCATION": REDIS_URL.rsplit("/", 1)[0] + "/1" if REDIS_URL.count("/") > 2 else REDIS_URL + "/1",
        "KEY_PREFIX": "overstap",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

# --- Language and time ---------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH: list[str] = []

# --- Accounts ------------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Gebruiker"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.wachtwoord.Lengte"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/inloggen"
LOGIN_REDIRECT_URL = "/vandaag"
LOGOUT_REDIRECT_URL = "/inloggen"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are invited, never self-made
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/15m/key"}
# How many proxies of our own stand before the web process: the rate limits count per real address.
ALLAUTH_TRUSTED_PROXY_COUNT = omgeving.getal("OVERSTAP_PROXIES", 1 if PRODUCTIE else 0)
MFA_FORMS = {"activate_totp": "accounts.forms.AppForm", "add_webauthn": "accounts.forms.PasskeyForm"}
MFA_ADAPTER = "accounts.adapter.MfaAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an address is confirmed by the invitation that was sent to it
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Overstap"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTIE
USERSESSIONS_TRACK_ACTIVITY = False

OAUTH2_PROVIDER_APPLICATION_MODEL = "accounts.ApiClient"
OAUTH2_PROVIDER = {
    "ACCESS_TOKEN_EXPIRE_SECONDS": 600,
    "ALLOWED_GRANT_TYPES": ["client-credentials"],
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "PKCE_REQUIRED": True,
    "SCOPES_BACKEND_CLASS": "overstap.api.tokens.EigenScopes",
    "OAUTH2_VALIDATOR_CLASS": "overstap.api.tokens.ClientValidator",
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    # RFC 9700 in full; with TOKEN_STORAGE only the checksum of a token is kept.
    **{
        f"COMPLIANT_BCP_RFC9700_{deel}": True
        for deel in (
            "IMPLICIT_GRANT",
            "PASSWORD_GRANT",
            "PKCE_METHOD",
            "ACCESS_TOKEN_TRANSPORT",
            "AUTHZ_RESPONSE_ISS",
            "TOKEN_STORAGE",
            "REFRESH_TOKEN",
            "REDIRECT_URI_SCHEME",
        )
    },
}
# Failed requests for a token in a minute: per client, and ten times as many per address.
OVERSTAP_TOKEN_FOUTEN = omgeving.getal("OVERSTAP_TOKEN_FOUTEN", 10)

# --- Sessions and cookies: 12 hours at most; 30 minutes idle is watched by the session middleware of accounts --------------------
SESSION_COOKIE_AGE = 12 * 60 * 60
OVERSTAP_SESSIE_STIL = 30 * 60  # seconds
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
if PRODUCTIE:
    SESSION_COOKIE_NAME = "__Host-overstap"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 63072000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^gezondheid"]  # the probe inside the network speaks http
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
else:
    SESSION_COOKIE_NAME = "overstap"

# --- Headers -------------------------------------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    functie: [] for functie in ("camera", "microphone", "geolocation", "payment", "usb", "display-capture", "midi")
}

# --- Static files and uploads --------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(omgeving.tekst("OVERSTAP_STATIC", str(OVERSTAP_DATA / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = Path(omgeving.tekst("OVERSTAP_BESTANDEN", str(OVERSTAP_DATA / "bestanden")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # a call of 5,000 leerlingen is about 2.5 MB
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "overstap.aanlevering.upload.Grens",  # 10 MB; the rest of a larger file never reaches the disk
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Mail ----------------------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = omgeving.tekst("OVERSTAP_MAIL_VAN", "Overstap vo-mbo <overstap@localhost>")
if omgeving.tekst("OVERSTAP_MAIL_HOST", ""):
    EMAIL_HOST = omgeving.tekst("OVERSTAP_MAIL_HOST")
    EMAIL_PORT = omgeving.getal("OVERSTAP_MAIL_POORT", 25)
    EMAIL_HOST_USER = omgeving.tekst("OVERSTAP_MAIL_GEBRUIKER", "")
    EMAIL_HOST_PASSWORD = omgeving.tekst("OVERSTAP_MAIL_WACHTWOORD", "")
    EMAIL_USE_TLS = omgeving.ja_nee("OVERSTAP_MAIL_TLS")
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(OVERSTAP_DATA / "mail")

# --- REST API ------------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    # Deny by default: a view without its own permission answers 403. accounts/api put theirs on each view.
    "DEFAULT_PERMISSION_CLASSES": ["overstap.basis.weiger.Niemand"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "overstap.api.problemen.handler",
    # Uploads and forms are not part of the API; bodies are read by overstap.api.invoer.
    "URL_FORMAT_OVERRIDE": None,
}
# Calls a minute per client (per address without a token); 0 is no limit.
OVERSTAP_API_PER_MINUUT = omgeving.getal("OVERSTAP_API_PER_MINUUT", 600)
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Overstap vo-mbo",
    "DESCRIPTION": "Elke leerling in beeld, van school tot mbo.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SCHEMA_PATH_PREFIX_TRIM": True,
    "SERVERS": [{"url": "/api/v1", "description": "Deze installatie"}],
    "CONTACT": {"name": "Beheer van Overstap", "url": OVERSTAP_BASIS_URL, "email": "beheer@overstap.example"},
    "LICENSE": {"name": "EUPL-1.2"},
    "POSTPROCESSING_HOOKS": ["overstap.api.schema.componenten"],
    "DISABLE_ERRORS_AND_WARNINGS": True,
}

# --- Logs ----------------------------------------------------------------------------------------------------------------------
from overstap.basis.logboek import logging_instellingen  # noqa: E402 - after the settings it reads nothing from

LOGGING = logging_instellingen(omgeving.tekst("OVERSTAP_LOGNIVEAU", "INFO"))
LOGGING_CONFIG = "overstap.basis.logboek.stel_in"
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
