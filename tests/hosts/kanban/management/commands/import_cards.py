import csv

from django.core.management.base import BaseCommand
from django.utils import timezone
from kanban.models import Card


class Command(BaseCommand):
    help = "Import cards from a CSV file with the columns company, email, column, moved and nudges."

    def add_arguments(self, parser):
        parser.add_argument("owner", type=int)
        parser.add_argument("file")

    def handle(self, owner, file, **_):
        with open(file, newline="", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                moved = timezone.make_aware(timezone.datetime.fromisoformat(row.pop("moved")))
                card = Card(owner_id=owner, moved=moved, **row)
                card.save()
