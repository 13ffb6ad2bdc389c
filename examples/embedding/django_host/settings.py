"""The settings of a small Django site. What is there for the library is marked."""

import os

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("TRACKER_DB", "tracker.db"),
        "OPTIONS": {"timeout": 30},
    }
}
DEBUG = (
    os.environ.get("TRACKER_DEBUG") == "1"
)  # to try it out: it shows errors, and serves the admin's styles
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "postinterview.contrib.django",  # the library
    "django_host",
]
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
POSTINTERVIEW = {  # the library: the rules are those that the pages have buttons for
    "RULES": "essentials",
    "ERASE_WITH_USER": True,
}
ROOT_URLCONF = "django_host.urls"
SECRET_KEY = os.environ.get("TRACKER_SECRET", "only for trying it out")
STATIC_URL = "static/"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.request",
            ]
        },
    }
]
TIME_ZONE = "Europe/Zurich"
USE_TZ = True
