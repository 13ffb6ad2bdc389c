"""The tracker's own table. Processes are in the tables of the library's app."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from postinterview.contrib.django import get_keeper, prefix_of


class Sent(models.Model):
    """A message that went out: written in one transaction with the event, so that each has the other."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    employer = models.CharField(max_length=200)
    what = models.CharField(max_length=200)


@receiver(pre_delete, sender=settings.AUTH_USER_MODEL)
def erase(instance: Any, **_: Any) -> None:
    """Erase a user's processes with the user."""
    keeper = get_keeper()
    for key in keeper.keys(prefix=prefix_of(instance.pk)):
        keeper.forget(key)
