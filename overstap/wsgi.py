"""The web process. Refuses to start when its database login could see past the walls (basis/checks.py)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "overstap.settings")

application = get_wsgi_application()
