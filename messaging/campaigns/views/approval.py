"""A second person looks at what a campaign to many people says, to whom and when, and decides."""

from functools import cached_property

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import viewable_form
from accounts.web.http import Request
from accounts.web.params import INT_DIGITS, int_param
from accounts.web.widgets import TextArea
from gateway.sign_in.connections import NotConnected
from messaging.campaigns import approval, lifecycle
from messaging.campaigns.approval import CannotApprove
from messaging.campaigns.composing.summary import CampaignSummary
from messaging.campaigns.composing.when_form import ResumeForm
from messaging.campaigns.dispatch import course, resending
from messaging.campaigns.dispatch.resending import Missed, StillUnderWay
from messaging.campaigns.dispatch.schedule import Plan
from messaging.campaigns.lifecycle import CampaignChanged, HourTaken
from messaging.campaigns.models import Campaign, CampaignRules, Recurrence, ResendRequest
from messaging.campaigns.rules.sending_hours import Closed
from messaging.campaigns.views.reached import reached_campaign

PAGE = "campaigns/approval.html"
MOST_WORDS = 200
NOT_KEPT = "It cannot all leave by its time any more. Look at when it would, and approve it if that is well."
DECIDED = "Somebody has decided already, or it was changed. This is where it stands."


class RefusalForm(forms.Form):
    words = forms.CharField(
        max_length=MOST_WORDS,
        label="Why not",
        help_text="Who asked reads it.",
        widget=TextArea(attrs={"rows": 2}),
        error_messages={"required": "Say why, so that it can be mended."},
    )


@viewable_form
def approval_page(request: Request, pk: int) -> HttpResponse:
    campaign = reached_campaign(request, pk)
    asked = ResendRequest.objects.standing().filter(campaign=campaign)
    again = asked.select_related("asked_by").first()
    if again:
        again.campaign = campaign
    if not (campaign.is_awaiting or again):
        if request.method == "POST":
            messages.info(request, DECIDED)
        return redirect("campaigns:campaign", pk)
    page = ApprovalPage(request, campaign, again)
    if request.method == "POST" and page.is_valid():
        return page.decide()
    return page.show()


class ApprovalPage:
    """`again`: what is asked where it is over, and is to be sent again."""

    def __init__(self, request: Request, campaign: Campaign, again: ResendRequest | None) -> None:
        self.request, self.campaign = request, campaign
        self.again = None if campaign.is_awaiting else again
        self.refuses = request.POST.get("action") == "refuse"
        self.refusal = RefusalForm(request.POST if self.refuses else None)
        self.asks_time = self.again is None and campaign.is_past_its_time
        posted = request.POST if request.method == "POST" and not self.refuses else None
        zone = campaign.zone or request.user.time_zone
        self.time = ResumeForm(posted, initial={"zone": zone}) if self.asks_time else None
        self.problem = ""

    def is_valid(self) -> bool:
        """Where its time cannot be kept, what was posted has to have said so."""
        form = self.refusal if self.refuses else self.time
        if form is not None:
            return form.is_valid()
        if self.plan and self.plan.earliest and not self.may_be_late:
            self.problem = NOT_KEPT
        return not self.problem

    @property
    def may_be_late(self) -> bool:
        return self.request.POST.get("not_kept") == "yes"

    @cached_property
    def summary(self) -> CampaignSummary:
        index = int_param(self.request.GET.get("go"), digits=INT_DIGITS)
        found = CampaignSummary(self.campaign, connection=self.campaign.connection, index=index)
        found.calls = self.campaign.calls or 0
        return found

    @cached_property
    def plan(self) -> Plan | None:
        """By the calls that were agreed to, if it were approved now."""
        return None if self.again or self.asks_time else self.summary.plan

    def decide(self) -> HttpResponse:
        try:
            self._refuse() if self.refuses else self._approve()
        except HourTaken:
            self.__dict__.pop("plan"), self.__dict__.pop("summary")
            self.problem = NOT_KEPT
            return self.show()
        except CampaignChanged:
            messages.info(self.request, DECIDED)
        except (CannotApprove, NotConnected, StillUnderWay) as error:
            self.problem = error.text
            return self.show()
        return redirect("campaigns:campaign", self.campaign.pk)

    def _approve(self) -> None:
        by = self.request.user
        if self.again:
            approval.approve_again(self._as_seen(self.again), by=by)
        else:
            new = self.time.cleaned_data if self.time else {}
            times = {"send_at": new["send_at"], "zone": new["zone"] or by.time_zone} if new else {}
            keeps = not (times or self.may_be_late or self.campaign.own_time)
            approval.approve(self.campaign, revision=self.revision, by=by, **times, keeps_time=keeps)
        messages.success(self.request, "Approved. It goes out as you saw it.")

    def _refuse(self) -> None:
        words, by = self.refusal.cleaned_data["words"], self.request.user
        if self.again:
            approval.refuse_again(self._as_seen(self.again), words=words, by=by)
        else:
            approval.refuse(self.campaign, revision=self.revision, words=words, by=by)
        messages.success(self.request, "It is not sent. Who asked reads why.")

    def _as_seen(self, again: ResendRequest) -> ResendRequest:
        if self.request.POST.get("asked_at") != again.asked_at.isoformat():
            raise CampaignChanged
        return again

    @property
    def revision(self) -> int:
        return int_param(self.request.POST.get("revision"), digits=INT_DIGITS)

    def show(self) -> HttpResponse:
        asker = self.again.asked_by if self.again else self.campaign.created_by
        context = {
            "campaign": self.campaign,
            "again": self.again,
            "whom": [Missed(who).label for who in self.again.whom] if self.again else [],
            "asker": asker,
            "is_own": asker == self.request.user,
            "has_another": CampaignRules.of(self.campaign.customer).has_another(self.request.user),
            "recurrence": self._recurrence(),
            "closed": self._closed(),
            "summary": self.summary,
            "plan": self.plan,
            "first": self.campaign.number_of_first(self.campaign.people or 0),
            "refusal": self.refusal,
            "time": self.time,
            "problem": self.problem,
        }
        is_wrong = self.request.method == "POST"
        return render(self.request, PAGE, context, status=422 if is_wrong else 200)

    def _closed(self) -> list[Closed]:
        """Whom it would reach outside their sending hours."""
        if self.again is None:
            return self.summary.closed
        whom = [Missed(who) for who in self.again.whom]
        people = resending.people_of(self.campaign, whom) if whom else lifecycle.refused_people(self.campaign)
        return course.closed_from_now(self.campaign, people)

    def _recurrence(self) -> Recurrence | None:
        return None if self.again else Recurrence.objects.filter(latest=self.campaign).first()
