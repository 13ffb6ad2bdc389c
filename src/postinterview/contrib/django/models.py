"""The tables of processes and of the entries of their histories. Write them through a `Keeper` only."""

from __future__ import annotations

from django.db import models

from postinterview.contrib.django.fields import KeyField, MomentField
from postinterview.stores.checks import LONGEST


class Process(models.Model):
    """One candidate and one employer. The columns are those of `postinterview.stores.StoredProcess`."""

    key = KeyField(primary_key=True, max_length=LONGEST)
    version = models.PositiveIntegerField()
    head = models.TextField()
    snapshot = models.TextField()
    due = MomentField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "processes"
        indexes = (models.Index(fields=["due", "key"], name="postinterview_due"),)

    def __str__(self) -> str:
        return str(self.key)


class Entry(models.Model):
    """One entry of a history. The columns are those of `postinterview.stores.StoredEntry`."""

    process = models.ForeignKey(Process, models.CASCADE, related_name="entries")
    sequence = models.PositiveIntegerField()
    text = models.TextField()
    once = KeyField(null=True, blank=True, max_length=LONGEST)

    class Meta:
        verbose_name_plural = "entries"
        constraints = (
            models.UniqueConstraint(fields=["process", "sequence"], name="postinterview_sequence"),
            models.UniqueConstraint(fields=["process", "once"], name="postinterview_once"),
        )

    def __str__(self) -> str:
        return f"{self.process_id}, entry {self.sequence}"
