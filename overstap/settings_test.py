"""Settings of the test run: the real ones, on services that tests/conftest.py starts, with cheap hashing and mail in memory."""

import os

# Set before the real settings are read: nothing of a running demo may leak into a test.
for _naam in list(os.environ):
    if _naam.startswith(("DATABASE_URL", "REDIS_URL", "OVERSTAP_")) and _naam not in (
        "OVERSTAP_DATA",
        "OVERSTAP_REFERENTIE",
        "OVERSTAP_RONDES",
    ):
        del os.environ[_naam]
os.environ["OVERSTAP_DEMO"] = "1"
os.environ["REDIS_URL"] = "redis://127.0.0.1:1/0"  # nobody answers there: a test that needs a broker starts one

from overstap.settings import *  # noqa: E402, F403
from overstap.settings import DATABASES, OVERSTAP_DATA, REST_FRAMEWORK, STORAGES  # noqa: E402

# databank.py fills in where; until then a query goes nowhere, also when a demo runs in the same folder.
_nergens = {
    "HOST": "127.0.0.1",
    "PORT": "1",
    "NAME": "nergens",
    "PASSWORD": "",
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": False,
}
DATABASES["default"] |= _nergens | {"USER": "overstap_app"}
DATABASES["eigenaar"] = DATABASES["default"] | {"USER": "overstap_eigenaar", "ATOMIC_REQUESTS": False, "OPTIONS": {}}

SECRET_KEY = "alleen-voor-tests-" + "0" * 40
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Not that of a demo in the same folder: every Client would walk through it.
STATIC_ROOT = OVERSTAP_DATA / "test" / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
REST_FRAMEWORK["TEST_REQUEST_DEFAULT_FORMAT"] = "json"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
