"""The few settings that Django needs. The database is a file; PostgreSQL needs no other changes."""

import os

ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("TRACKER_DB", "tracker.db"),
        "OPTIONS": {"timeout": 30},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["postinterview.contrib.django", "django_host"]
ROOT_URLCONF = "django_host.urls"
USE_TZ = True
