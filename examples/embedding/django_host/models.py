"""The tracker's own tables: three columns for the library, and a table of calls that may be repeated."""

from django.db import models


class Employer(models.Model):
    """One candidate and one employer. A real tracker adds its own columns."""

    key = models.CharField(max_length=200, unique=True)
    version = models.PositiveIntegerField(default=0)
    saved = models.TextField()
    next_due = models.DateTimeField(null=True, db_index=True)


class Answered(models.Model):
    """A call that came with an idempotency key, and its answer."""

    employer = models.ForeignKey(Employer, models.CASCADE)
    once = models.CharField(max_length=200)
    asked = models.TextField()
    body = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["employer", "once"], name="once")]
