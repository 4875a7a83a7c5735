"""The tick: the database says what is to be done; a task only looks."""

from celery import shared_task

from messaging.inbox.notifications import mailing
from messaging.inbox.rules import answers
from messaging.inbox.team import teamwork


@shared_task
def wake_snoozed() -> None:
    teamwork.wake_snoozed()


@shared_task
def forget_answer_turns() -> None:
    answers.forget_turns()


@shared_task
def mail_notifications() -> None:
    mailing.send_due_alone()


@shared_task
def forget_notifications() -> None:
    mailing.forget_told()
