"""For a server such as gunicorn: ``gunicorn django_host.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "django_host.settings")
application = get_wsgi_application()
