"""Bring every row up to new rules after a deployment, or say what the rules judge differently."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

import postinterview as pi
from django_host.models import Employer
from django_host.views import RULES


class Command(BaseCommand):
    help = __doc__

    def handle(self, **_: Any) -> None:
        refused = 0
        for row in Employer.objects.order_by("key").iterator():
            try:
                process = RULES.restore(row.saved)
            except pi.SavedError as error:
                refused += 1
                self.stderr.write(f"{row.key}: {error}")
                continue
            # A row that somebody writes meanwhile is brought up to the rules by that write.
            Employer.objects.filter(pk=row.pk, version=row.version).update(
                version=row.version + 1, saved=process.to_json(), next_due=process.next_due
            )
        if refused:
            raise CommandError(f"{refused} stay as they are; say under `migrations:` what became of them")
