from django.core.management.base import BaseCommand
from kanban.models import Card


class Command(BaseCommand):
    help = "Nudge every company that one is talking to."

    def handle(self, **_):
        for card in Card.objects.filter(column="Talking"):
            card.nudge()
            self.stdout.write(f"{card.company}: sent")
