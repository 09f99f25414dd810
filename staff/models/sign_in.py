"""How people get in: by e-mail, or by staff number where somebody has no mailbox."""

from datetime import date
from functools import cached_property

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models
from django.db.models import Exists, OuterRef, Q

from staff import clock
from staff.models.people import Contract, Person
from staff.models.responsibilities import Responsibility


class UserQuerySet(models.QuerySet["User"]):
    """Sign-ins."""

    def may_sign_in(self, on: date) -> "UserQuerySet":
        """Those that are enabled and belong to somebody with a contract in force on that day, to a
        partner trust's delegate, or to an administrator; nobody who has been erased.
        """
        employed = Contract.objects.in_force(on).filter(person=OuterRef("person"))
        return self.filter(
            Q(is_superuser=True) | Q(person__partner__isnull=False) | Exists(employed),
            is_active=True,
            person__erased_at__isnull=True,
        )


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes sign-ins; e-mails are kept in lower case, so that one person has one."""

    def create_user(
        self,
        email: str | None = None,
        password: str | None = None,
        *,
        staff_number: str | None = None,
        **fields: object,
    ) -> "User":
        """A new sign-in with an e-mail or a staff number; without a password it cannot be used."""
        user: User = self.model(
            email=email.lower() if email else None, staff_number=staff_number or None, **fields
        )
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None) -> "User":
        """An administrator who may do everything; see also the command `invite_admin`."""
        return self.create_user(email, password, is_superuser=True)


class User(AbstractBaseUser, PermissionsMixin):
    """A sign-in. What a person may do follows from contracts and responsibilities, not from here."""

    class ColourMode(models.TextChoices):
        DEVICE = "", "As my device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    email = models.EmailField(unique=True, null=True, blank=True)
    staff_number = models.CharField(max_length=20, unique=True, null=True, blank=True)
    person = models.OneToOneField(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="user"
    )
    is_active = models.BooleanField("may sign in", default=True)
    must_change_password = models.BooleanField(default=False, editable=False)
    colour_mode = models.CharField(max_length=5, choices=ColourMode, blank=True, default="")
    date_joined = models.DateTimeField(default=clock.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = "sign-in"
        verbose_name_plural = "sign-ins"
        constraints = [
            models.CheckConstraint(
                name="user_has_email_or_staff_number",
                condition=Q(email__isnull=False) | Q(staff_number__isnull=False),
            ),
            models.CheckConstraint(
                name="user_identifiers_not_blank",
                condition=(Q(email__isnull=True) | ~Q(email=""))
                & (Q(staff_number__isnull=True) | ~Q(staff_number="")),
            ),
        ]

    def __str__(self) -> str:
        return self.email or self.staff_number or ""

    def get_full_name(self) -> str:
        """The person's name, or the sign-in where it is nobody's; the admin shows it at its foot."""
        return str(self.person) if self.person else str(self)

    @cached_property
    def responsibilities(self) -> list[Responsibility]:
        """The person's responsibilities in force today; one query a request."""
        held = Responsibility.objects.in_force(clock.today()).filter(person=self.person_id)
        return list(held.select_related("school", "hub")) if self.person_id else []

    @property
    def is_people_team(self) -> bool:
        """Whether today's responsibilities include the people team."""
        return any(held.kind == "people_team" for held in self.responsibilities)

    @property
    def is_staff(self) -> bool:
        """Who may enter the admin: superusers and the people team."""
        return self.is_active and (self.is_superuser or self.is_people_team)


class OneTimeCode(models.Model):
    """A printed code with which somebody without a mailbox sets a first password; only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="one_time_codes")
    code_hash = models.CharField(max_length=128, unique=True)
    created_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="codes_handed_out"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]


class SsoIdentity(models.Model):
    """An outside account that belongs to a sign-in by issuer, tenant and subject, never by e-mail alone.

    Until it is confirmed (the person proved the sign-in once, or an administrator said so) it only
    asks, and lets nobody in.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sso_identities")
    issuer = models.CharField(max_length=200)
    tenant = models.CharField(max_length=100, blank=True)
    subject = models.CharField(max_length=200)
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        User, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = "linked account"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "tenant", "subject"], name="sso_identity_once"),
            # An address given to somebody new arrives with a new subject: it never gets in beside the old one.
            models.UniqueConstraint(
                fields=["user", "issuer", "tenant"],
                name="sso_identity_one_confirmed_each",
                condition=Q(confirmed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Account at {self.issuer} of sign-in {self.user_id}"
