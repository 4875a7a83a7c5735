"""What people type in the inbox."""

from collections.abc import Iterable
from copy import copy
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from accounts.web.stale_forms import ShownForm
from accounts.web.widgets import TextArea
from contacts.text.full_text_search import case_folded
from contacts.text.name_field import NameField
from contacts.text.normalization import message_text
from gateway import clock
from messaging.campaigns.wording import placeholders, sms
from messaging.campaigns.wording.attachments import AttachmentField
from messaging.inbox.models import OptOutSettings, Team
from messaging.inbox.models.opt_out_settings import MAX_CONFIRMATION_LENGTH
from messaging.inbox.models.team import MAX_NOTE_LENGTH
from messaging.inbox.models.thread import MAX_DISCUSSION_LENGTH
from messaging.inbox.opt_outs.intents import phrases_in, words_of
from messaging.inbox.opt_outs.stop_words import ALWAYS, DEFAULT_WORDS, LANGUAGES, Words
from messaging.inbox.team import teamwork

MAX_AHEAD = timedelta(days=30)  # that an answer may wait
MAX_PHRASES = 200  # of one kind in one language
MAX_PHRASE_LENGTH = 60  # characters
MIN_STEM = 3  # letters before a `*`
KINDS = {"stop": "Opt out at once", "ask": "Ask us first", "start": "Get messages again"}


def sendable_text(text: str) -> str:
    """What is written to one person, as it is sent. Raises ValidationError.

    Too long is said, never cut: a `maxlength` would shorten what is pasted without a word.
    """
    content = message_text(text)
    if len(content) > sms.MAX_LENGTH:
        raise ValidationError(
            f"SmartDialog takes {sms.MAX_LENGTH:,} characters, and these are {len(content):,}. "
            "Shorten it; nothing was sent."
        )
    if gap := next(iter(placeholders.names(content)), ""):
        raise ValidationError(
            f"Nothing stands for $({gap[:40]}) yet: write what should, or take it out. Nothing was sent."
        )
    return content


class AnswerForm(forms.Form):
    """`seen`: the key of the last message that they had read when they wrote it."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def ask_again(self, error: str, *, seen: int, field: str | None = None) -> None:
        """It may be sent as it is, now that the person has been told what came up to the message `seen`."""
        self.add_error(field, error)
        self._say("seen", str(seen))

    def _say(self, name: str, value: str) -> None:
        """In place of what was posted for that field; all else is shown as it was written."""
        said: Any = copy(self.data)
        said[name] = value
        self.data = said


class ReplyForm(AnswerForm):
    """`key` is the form's idempotency key: sent twice, it is one answer."""

    content = forms.CharField(
        label="Reply",
        error_messages={"required": "Write something first."},
        widget=TextArea(
            attrs={
                "rows": 2,
                "placeholder": "Write a reply",
                "data-snippets": "",
                "data-parts": "reply-parts",
                "data-most": sms.MAX_LENGTH,
                "data-key": "r",
            }
        ),
    )
    attachment = AttachmentField(help_text="")
    send_at = forms.DateTimeField(
        required=False,
        label="Send at",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    key = forms.UUIDField(
        initial=uuid4,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["required", "invalid"], "Open the conversation again."),
    )

    def renew_key(self) -> None:
        """What comes of this form from now on is another answer."""
        self._say("key", str(uuid4()))

    def clean_send_at(self) -> datetime | None:
        """In the zone of who writes it."""
        at: datetime | None = self.cleaned_data["send_at"]
        if at is None or clock.now() < at < clock.now() + MAX_AHEAD:
            return at
        raise ValidationError(f"Choose a time within the next {MAX_AHEAD.days} days. Nothing was sent.")

    def clean_content(self) -> str:
        return sendable_text(self.cleaned_data["content"])


class DiscussionForm(forms.Form):
    """`discussion`: SmartDialog's id of it, which nothing can look up."""

    discussion = forms.CharField(max_length=MAX_DISCUSSION_LENGTH)

    def clean_discussion(self) -> str:
        discussion: str = self.cleaned_data["discussion"]
        if not discussion.isprintable():
            raise ValidationError("An id is one line.")
        return discussion


class NoteForm(forms.Form):
    text = forms.CharField(
        label="Note",
        max_length=MAX_NOTE_LENGTH,
        error_messages={"required": "Write something first."},
        widget=TextArea(
            attrs={
                "rows": 2,
                "placeholder": "Only your team sees this. @name tells a colleague",
                "data-key": "n",
            }
        ),
    )

    def clean_text(self) -> str:
        text: str = message_text(self.cleaned_data["text"])
        return text


class TeamForm(ShownForm, forms.Form):
    """`members`: of those who may answer, and those who are in it already and may no more."""

    name = NameField(label="Name", max_length=40, help_text="Such as Kitchen, or Reception.")
    members = forms.ModelMultipleChoiceField(
        label="People",
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose one person at least."},
    )

    def __init__(self, data: QueryDict | None, *, team: Team) -> None:
        members = sorted(team.members.values_list("pk", flat=True)) if team.pk else []
        super().__init__(data, initial={"name": team.name, "members": members})
        self.team = team
        able = teamwork.team_of(team.customer).values("pk")
        among = User.objects.filter(Q(pk__in=able) | Q(pk__in=members)).order_by("name", "username")
        field = self.fields["members"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = among

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Team.objects.of_customer(self.team.customer).exclude(pk=self.team.pk)
        if case_folded(name) in {case_folded(each) for each in others.values_list("name", flat=True)}:
            raise ValidationError("Another team has this name.")
        return name


class SnoozeForm(forms.Form):
    """`choice`: one of `CHOICES`, or none with a time of one's own, in the person's zone."""

    CHOICES: ClassVar = {
        "hours": "In three hours",
        "tomorrow": "Tomorrow 8:00",
        "monday": "Monday 8:00",
        "week": "In a week",
    }

    choice = forms.CharField(required=False)
    at = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M"])

    until: datetime
    why_not = "Choose when the conversation comes back: a time from now on, at most a year away."

    def clean(self) -> None:
        now = timezone.localtime()
        morning = now.replace(hour=8, minute=0, second=0, microsecond=0)
        times = {
            "hours": now + timedelta(hours=3),
            "tomorrow": morning + timedelta(days=1),
            "monday": morning + timedelta(days=7 - now.weekday()),
            "week": now + timedelta(days=7),
        }
        until = times.get(self.cleaned_data.get("choice", "")) or self.cleaned_data.get("at")
        if until is None or not now < until <= now + timedelta(days=366):
            raise ValidationError(self.why_not)
        self.until = until


class PhrasesField(forms.CharField):
    """Words or phrases, one a line or between commas."""

    widget = TextArea(attrs={"rows": 6, "spellcheck": "false"})

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=MAX_PHRASES * (MAX_PHRASE_LENGTH + 1), **options)

    def prepare_value(self, value: str | Iterable[str] | None) -> str:
        return value if isinstance(value, str) else "\n".join(value or ())

    def clean(self, value: str) -> tuple[str, ...]:
        phrases = tuple(dict.fromkeys(phrases_in(super().clean(value))))
        if len(phrases) > MAX_PHRASES:
            raise ValidationError(
                f"These are {len(phrases):,} of them, and {MAX_PHRASES} are as many as fit."
            )
        if long := next((each for each in phrases if len(each) > MAX_PHRASE_LENGTH), ""):
            raise ValidationError(f"“{long[:40]}…” is too long: use at most {MAX_PHRASE_LENGTH} characters.")
        if wide := next((each for each in phrases if not all(map(_is_narrow, words_of(each)))), ""):
            raise ValidationError(
                f"“{wide}” would fit almost any message: put at least {MIN_STEM} letters before a *, "
                "and nothing after it."
            )
        return phrases


def _is_narrow(word: str) -> bool:
    stem, star, ending = word.partition("*")
    return not star or (len(stem) >= MIN_STEM and not ending)


class OptOutWordsForm(ShownForm, forms.Form):
    """Of each language the words of each kind; as they are, unless somebody changes them."""

    confirmation = forms.CharField(
        required=False,
        max_length=MAX_CONFIRMATION_LENGTH,
        label="Confirm it with",
        help_text="Sent once, as an answer, to whoever opts out by message. Leave it empty to send nothing.",
        widget=TextArea(attrs={"rows": 2}),
    )

    def __init__(self, *arguments: Any, settings: OptOutSettings, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["confirmation"].initial = settings.confirmation
        for language, words in settings.by_language.items():
            for kind, label in KINDS.items():
                initial = getattr(words, kind)
                self.fields[f"{kind}_{language}"] = PhrasesField(label=label, initial=initial)

    def clean_confirmation(self) -> str:
        return message_text(self.cleaned_data["confirmation"])

    def clean(self) -> None:
        """A word that stops cannot also let somebody back."""
        stopping = {tuple(words_of(each)) for words in self._words().values() for each in words.stop}
        stopping.add((ALWAYS,))
        for language, words in self._words().items():
            if both := [each for each in words.start if tuple(words_of(each)) in stopping]:
                self.add_error(
                    f"start_{language}", f"“{both[0]}” opts people out: it cannot let them back, too."
                )

    def own_words(self) -> dict[str, dict[str, list[str]]]:
        """Of the languages whose words are not as they come."""
        changed = {
            language: words for language, words in self._words().items() if words != DEFAULT_WORDS[language]
        }
        return {language: words.to_json() for language, words in changed.items()}

    def languages(self) -> Iterable[tuple[str, bool, list[forms.BoundField]]]:
        """Of each its name, whether somebody has to look at it, and its fields."""
        for language, name in LANGUAGES.items():
            own = [self[f"{kind}_{language}"] for kind in KINDS]
            yield name, any(field.errors for field in own), own

    def _words(self) -> dict[str, Words]:
        said = self.cleaned_data
        return {
            language: Words(**{kind: said.get(f"{kind}_{language}", ()) for kind in KINDS})
            for language in DEFAULT_WORDS
        }
