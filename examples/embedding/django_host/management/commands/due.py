"""List what is overdue, the longest due first, for a cron job or a morning mail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

import postinterview as pi
from django_host.models import Employer
from django_host.views import RULES
from postinterview.calls import agenda


class Command(BaseCommand):
    help = __doc__

    def handle(self, **_: Any) -> None:
        now, unreadable = timezone.now(), 0
        for row in Employer.objects.filter(next_due__lte=now).order_by("next_due", "key").iterator():
            try:
                items = agenda(RULES.restore(row.saved), now).of("overdue")
            except pi.SavedError as error:  # the rules changed, or the row is damaged: go on with the others
                unreadable += 1
                self.stderr.write(f"{row.key}: {error}")
                continue
            for item in items:
                self.stdout.write(f"{row.key}: {item.text}")
        if unreadable:
            raise CommandError(f"{unreadable} can't be restored")
