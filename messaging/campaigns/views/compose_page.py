"""The compose page: what is written on it, what it shows of that, and how it is kept."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID, uuid4

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from accounts.web.htmx import page_or_fragment
from accounts.web.http import Request
from accounts.web.params import INT_DIGITS, int_param, uuid_param
from gateway.models import Connection
from gateway.smartdialog import directory
from messaging.campaigns import lifecycle
from messaging.campaigns.composing import send_tests, stages_form
from messaging.campaigns.composing.forms import CampaignForm
from messaging.campaigns.composing.summary import CampaignSummary
from messaging.campaigns.models import Campaign, CampaignState, Snippet
from messaging.campaigns.views import typed_count
from messaging.campaigns.wording import misspelling, sms, worst_cases

PAGE, SUMMARY, CONFIRMATION = "campaigns/compose.html", "campaigns/_check.html", "campaigns/confirmation.html"
ASKED = {"csrfmiddlewaretoken", "action", "typed"}  # what that page has itself
READING = "SmartDialog is being asked for this customer’s services. Open this page again in a minute."
FIRST_REVISION = 1
EDIT_AND_SCHEDULE = 2  # revisions that one press of the button makes


@dataclass
class ComposePage:
    """One look at the page. `campaign`: the saved one it changes. `shown`: what it says, saved or not."""

    request: Request
    form: CampaignForm
    campaign: Campaign | None
    shown: Campaign

    @classmethod
    def begun(cls, request: Request, form: CampaignForm, campaign: Campaign) -> "ComposePage":
        return cls(request, form, campaign if campaign.pk else None, campaign)

    @classmethod
    def posted(cls, request: Request, form: CampaignForm, campaign: Campaign | None) -> "ComposePage":
        """What is on the page, whatever is stored."""
        form.is_valid()
        uuid = campaign.uuid if campaign else uuid4()
        shown = Campaign(uuid=uuid, customer=form.customer, **form.fields_of_campaign())
        return cls(request, form, campaign, shown)

    @cached_property
    def summary(self) -> CampaignSummary:
        index = int_param(self.request.POST.get("go") or self.request.POST.get("index"), digits=INT_DIGITS)
        if self.worst_case is not None:
            index = self.worst_case
        return CampaignSummary(self.shown, connection=Connection.objects.of(self.request.user), index=index)

    def look_anew(self) -> None:
        """At what others have changed meanwhile."""
        self.__dict__.pop("summary", None)

    @cached_property
    def worst_case(self) -> int | None:
        """The place of whom somebody asked for: the longest text, for example."""
        case = self.request.POST.get("worst", "")
        if case not in worst_cases.CASES:
            return None
        reach = CampaignSummary(self.shown, connection=None).reach
        return worst_cases.find(reach, self.shown.wording, case) if reach else None

    def _nothing_listed(self) -> str:
        """Why a picker is empty."""
        for name, what in (("group", "a group"), ("service", "a one-way service, which sends")):
            if not self.form.fields[name].queryset.exists():  # type: ignore[attr-defined]
                why = directory.why_nothing_is_listed(self.request.user, self.form.customer, what=what)
                return why or READING
        return ""

    def keep(self, *, once: bool = False) -> Campaign:
        """The campaign with what the form says. `once`: a form that has already sent it changes nothing."""
        if self.campaign is None:
            return self._made(once=once)
        revision = int_param(self.request.POST.get("revision"), digits=INT_DIGITS)
        if once and self._has_sent(self.campaign, revision):
            return self.campaign
        by, fields = self.request.user, self.form.fields_of_campaign()
        return lifecycle.edit(self.campaign, revision=revision, fields=fields, by=by, sitting=self.sitting)

    @property
    def sitting(self) -> UUID:
        """Of this open page, while it saves by itself."""
        return uuid_param(self.request.POST.get("sitting"))

    def keep_so_far(self) -> Campaign:
        """A draft with what can be kept of the form as it is being written."""
        by, fields, campaign = self.request.user, self.form.fields_so_far(), self.campaign
        if campaign is None:
            uuid = uuid_param(self.request.POST.get("uuid"))
            made, _ = lifecycle.create(customer=self.form.customer, uuid=uuid, fields=fields, by=by)
            return made
        revision = int_param(self.request.POST.get("revision"), digits=INT_DIGITS)
        return lifecycle.save_by_itself(
            campaign, revision=revision, fields=fields, by=by, sitting=self.sitting
        )

    @property
    def is_planned(self) -> bool:
        """Whether what is stored has been scheduled, or held: only a person who means to changes it."""
        return self.campaign is not None and self.campaign.state != CampaignState.DRAFT

    def to_test(self) -> tuple[Campaign, str]:
        """What a test sends: the campaign as it is on the page; and, in words, what is kept of it."""
        if self.campaign is None or not self.is_planned:
            return self.keep(), "The draft is saved."
        self.shown.pk = self.campaign.pk
        return self.shown, "The campaign stays as it was; what you changed here is not saved yet."

    def _made(self, *, once: bool) -> Campaign:
        by, fields = self.request.user, self.form.fields_of_campaign()
        uuid = uuid_param(self.request.POST.get("uuid"))
        made, is_new = lifecycle.create(customer=self.form.customer, uuid=uuid, fields=fields, by=by)
        if is_new or (once and made.state != CampaignState.DRAFT):
            return made
        if made.state == CampaignState.DRAFT and all(getattr(made, name) == fields[name] for name in fields):
            return made
        # As this form made it: gone back to, it knows nothing of what was written since.
        return lifecycle.edit(made, revision=FIRST_REVISION, fields=fields, by=by)

    def _has_sent(self, campaign: Campaign, revision: int) -> bool:
        """Read anew: the other press of the button may be a moment ahead of this one."""
        campaign.refresh_from_db(fields=["state", "revision"])
        return campaign.state != CampaignState.DRAFT and campaign.revision == revision + EDIT_AND_SCHEDULE

    def ask_to_type(self) -> HttpResponse:
        """What it comes to, the whole form carried along."""
        posted = self.request.POST
        context = {
            "campaign": self.shown,
            "summary": self.summary,
            "carried": [(name, value) for name in posted.keys() - ASKED for value in posted.getlist(name)],
            "is_wrong": typed_count.is_wrong(self.request, self.summary.people),
            "here": self.request.path,
        }
        return render(self.request, CONFIRMATION, context, status=422 if context["is_wrong"] else 200)

    def show(self, *, problem: str = "", status: int = 200) -> HttpResponse:
        posted = self.request.POST
        context = {
            "form": self.form,
            "campaign": self.campaign,
            "summary": self.summary,
            "missing": self.form.missing(),
            "nothing_listed": self._nothing_listed(),
            "problem": problem,
            "uuid": self.campaign.uuid if self.campaign else uuid_param(posted.get("uuid")),
            "revision": posted.get("revision") or (self.campaign.revision if self.campaign else ""),
            "sitting": self.sitting,
            "worst_cases": worst_cases.CASES,
            "has_no_worst": self.worst_case is None and posted.get("worst") in worst_cases.CASES,
            "snippets": Snippet.objects.of_customer(self.form.customer).usable_by(self.request.user),
            "asks_anew": posted.get("signature") != self.summary.signature,
            "tests": send_tests.recent(self.campaign) if self.campaign else [],
            "test_phone": self._test_phone(),
        }
        return page_or_fragment(self.request, PAGE, SUMMARY, context, status=status)

    def _test_phone(self) -> str:
        posted = self.request.POST.get("test_phone")
        if posted is not None:
            return posted
        return send_tests.remembered_phone(self.form.customer, self.request.user)


def rewritten(posted: QueryDict) -> QueryDict:
    """The form as posted, but for the text where a button without a script changes it."""
    content = posted.get("content", "")
    if "add_text" in posted:
        return stages_form.with_another_text(posted)
    if number := posted.get("drop_text"):
        return stages_form.without_text(posted, int_param(number, digits=1))
    if "simplify" in posted:
        content = sms.to_gsm(content)
    elif "without_foreign" in posted:
        content = sms.without_foreign(content)
    elif name := posted.get("insert"):
        content = f"{content}$({name})"
    elif choice := posted.get("mend"):
        content = misspelling.mend(content, choice)
    elif words := posted.get("append"):
        content = f"{content}{words}"
    else:
        return posted
    data = posted.copy()
    data["content"] = content
    return data


def saved_by_itself(request: Request) -> Campaign | None:
    """The draft that the page for a new campaign has become meanwhile: it knows a revision."""
    if not request.POST.get("revision"):
        return None
    reached = Campaign.objects.visible_to(request.user).select_related("customer")
    return reached.filter(uuid=uuid_param(request.POST.get("uuid"))).first()
