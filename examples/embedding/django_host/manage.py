"""Django's commands: ``python -m django_host.manage migrate``, ``createsuperuser``, ``runserver``."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "django_host.settings")
    execute_from_command_line(sys.argv)
