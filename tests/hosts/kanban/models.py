from django.conf import settings
from django.core.mail import send_mail
from django.db import models
from django.utils import timezone

COLUMNS = ("Sent", "Talking", "Offer", "Rejected")


class Card(models.Model):
    """A company that its owner applied to."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    company = models.CharField(max_length=100)
    email = models.EmailField()
    column = models.CharField(max_length=10, default="Sent")
    moved = models.DateTimeField(default=timezone.now)
    nudges = models.PositiveIntegerField(default=0)

    def move(self, column):
        self.column, self.moved = column, timezone.now()
        self.save()

    def nudge(self):
        self.nudges = models.F("nudges") + 1
        self.save()
        self.send("Have you decided yet?")

    def send(self, text):
        send_mail("My application", text, "me@example.com", [self.email])
