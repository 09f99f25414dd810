"""Career pathways: where each role can lead."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from staff.models import JobRole


class Pathway(models.Model):
    """A line of roles that lead on from one another, open to everybody in the trust."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Rung(models.Model):
    """One step of a pathway: the roles on it, and the CPD that is required or recommended there."""

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="rungs")
    number = models.PositiveSmallIntegerField()
    job_roles = models.ManyToManyField(JobRole, related_name="rungs")
    required_cpd = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    recommended_cpd = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    typical_time = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["pathway_id", "number"]
        constraints = [models.UniqueConstraint(fields=["pathway", "number"], name="rung_numbered_once")]

    def __str__(self) -> str:
        return f"{self.pathway}, step {self.number}"
