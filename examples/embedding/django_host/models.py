"""The tracker's own table. Processes are in the tables of the library's app."""

from django.conf import settings
from django.db import models


class Sent(models.Model):
    """A message that went out: written in one transaction with the event, so that each has the other."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    employer = models.CharField(max_length=200)
    what = models.CharField(max_length=200)
