"""What the template operations call, and what their answers mean for the template.

SmartDialog answers a creation with nothing and knows no RequestId: an unclear one is looked up in its
list, and never repeated by itself.
"""

from typing import Any

from gateway import outbox
from gateway.live_updates import live
from gateway.outbox import Handler, QueuedCall, handles
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.errors import GatewayError
from gateway.smartdialog.types import NewTemplate, TemplateListing
from messaging.whatsapp.catalogue import list_sync, polling
from messaging.whatsapp.models import Template, TemplateList
from messaging.whatsapp.sending import opt_ins
from messaging.whatsapp.submission import submitting
from messaging.whatsapp.submission.transitions import TOPIC


@handles(submitting.CREATE)
class CreateTemplate(Handler):
    endpoint = "CreateWhatsappTemplate"

    def call(self, api: SmartDialog, call: QueuedCall) -> None:
        payload = call.payload
        api.create_template(
            customer=payload["customer"],
            identity=payload["identity"],
            template=NewTemplate.from_json(payload["new"]),
        )

    def done(self, call: QueuedCall, result: Any) -> None:
        submitting.mark_accepted(_template(call))

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        submitting.mark_refused(_template(call), error.text)

    def uncertain(self, call: QueuedCall) -> None:
        submitting.mark_uncertain(_template(call), connection=call.connection)


@handles(polling.LIST)
class ListTemplates(Handler):
    endpoint = "GetCustomerWhatsAppTemplates"

    def call(self, api: SmartDialog, call: QueuedCall) -> TemplateListing:
        return api.templates(**call.payload)

    def done(self, call: QueuedCall, result: TemplateListing) -> None:
        list_sync.reconcile(call.customer, result.templates, unread=result.unread)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        live.announce(call.customer, TOPIC)


@handles(polling.CATEGORIES)
class ListCategories(Handler):
    endpoint = "GetWhatsappTemplateCategories"

    def call(self, api: SmartDialog, call: QueuedCall) -> list[str]:
        return api.template_categories()

    def done(self, call: QueuedCall, result: list[str]) -> None:
        categories = [name[:40] for name in result]
        TemplateList.objects.filter(customer=call.customer).update(categories=categories)


class _TellRegister(Handler):
    """Told twice, it knows it once."""

    def done(self, call: QueuedCall, result: Any) -> None:
        live.announce(call.customer, opt_ins.TOPIC)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        live.announce(call.customer, opt_ins.TOPIC)


@handles(opt_ins.OPT_IN)
class RegisterOptIn(_TellRegister):
    endpoint = "WhatsAppOptIn"

    def before_try(self, call: QueuedCall) -> None:
        """Whoever says no while it waits is not opted in."""
        if opt_ins.may_not_be_in(call.customer, call.payload["recipient"]):
            same = outbox.rebuild(
                lambda _: None, tried=True, customer=call.customer, kinds=[call.kind], payload=call.payload
            )
            if same.dropped:
                opt_ins.forget(call.customer, call.payload["recipient"], call.payload["sender"])

    def call(self, api: SmartDialog, call: QueuedCall) -> None:
        api.opt_in(**call.payload)


@handles(opt_ins.OPT_OUT)
class RegisterOptOut(_TellRegister):
    endpoint = "WhatsAppOptOut"

    def call(self, api: SmartDialog, call: QueuedCall) -> None:
        api.opt_out(**call.payload)


def _template(call: QueuedCall) -> Template:
    return Template.objects.select_related("customer").get(pk=call.payload["template"])
