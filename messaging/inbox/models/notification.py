"""How people hear of what waits for them while they look elsewhere."""

from datetime import datetime
from typing import Self

from django.db import models

from accounts.models import User
from gateway import clock

SHORTEST_WAIT, LONGEST_WAIT = 5, 720  # minutes


class NotificationSettingsQuerySet(models.QuerySet["NotificationSettings"]):
    def of_people_at_work(self) -> Self:
        """Of those who may answer: not of who was deactivated, or waits for approval, or only reads."""
        return self.filter(user__in=User.objects.at_work())

    def unconfirmed(self, *, since: datetime) -> Self:
        """They have asked, since then, for a mail that shows that the address is theirs."""
        return self.filter(confirmed_at=None, asked_at__gt=since).exclude(address="")

    def wanting_mail(self) -> Self:
        confirmed = self.exclude(confirmed_at=None).exclude(address="")
        return confirmed.filter(models.Q(mail_mentions=True) | models.Q(mail_waits=True))


class NotificationSettings(models.Model):
    """What a person chose. Nothing is on by itself but the number in the titles of their tabs."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="+")
    sound = models.BooleanField(default=False)
    desktop = models.BooleanField(default=False)
    mail_mentions = models.BooleanField(default=False)
    mail_waits = models.BooleanField(default=False)
    wait_minutes = models.PositiveSmallIntegerField(default=30)
    address = models.EmailField(blank=True)
    asked_at = models.DateTimeField(null=True, help_text="When they last asked for a mail to confirm it.")
    confirmed_at = models.DateTimeField(null=True)

    objects = NotificationSettingsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "notification settings"

    def __str__(self) -> str:
        return f"Notifications of {self.user_id}"

    @classmethod
    def of(cls, user: User) -> "NotificationSettings":
        """Theirs, or what counts while they have chosen nothing."""
        return cls.objects.filter(user=user).first() or cls(user=user)


class MailedNotice(models.Model):
    """What somebody was written about, taken down before the mail leaves: it never leaves twice."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=80, help_text="mention:5, or wait:7: and since when.")
    at = models.DateTimeField(default=clock.now)
    claim = models.UUIDField(null=True, help_text="Of the mail that took it, with others.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "about"], name="mailed_once")]

    def __str__(self) -> str:
        return f"{self.about} to {self.user_id}"
