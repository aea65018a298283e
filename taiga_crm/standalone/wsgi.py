"""The WSGI application of the embedded host."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taiga_crm.standalone.settings")
application = get_wsgi_application()
