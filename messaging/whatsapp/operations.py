"""What the template operations call, and what their answers mean for the template.

SmartDialog answers a creation with nothing and knows no RequestId: an unclear one is looked up in its
list, and never repeated by itself.
"""

from typing import Any

from gateway import live
from gateway.api import SmartDialog
from gateway.errors import GatewayError
from gateway.models import Operation
from gateway.outbox import Handler, handles
from gateway.types import NewTemplate, RemoteTemplate
from messaging.whatsapp import list_sync, polling, submitting
from messaging.whatsapp.models import Template, TemplateList
from messaging.whatsapp.transitions import TOPIC


@handles(submitting.CREATE)
class CreateTemplate(Handler):
    endpoint = "CreateWhatsappTemplate"

    def call(self, api: SmartDialog, operation: Operation) -> None:
        payload = operation.payload
        api.create_template(
            customer=payload["customer"],
            identity=payload["identity"],
            template=NewTemplate.from_json(payload["new"]),
        )

    def done(self, operation: Operation, result: Any) -> None:
        submitting.mark_accepted(_template(operation))

    def refused(self, operation: Operation, error: GatewayError) -> None:
        submitting.mark_refused(_template(operation), error.text)

    def uncertain(self, operation: Operation) -> None:
        submitting.mark_uncertain(_template(operation), connection=operation.connection)


@handles(polling.LIST)
class ListTemplates(Handler):
    endpoint = "GetCustomerWhatsAppTemplates"

    def call(self, api: SmartDialog, operation: Operation) -> list[RemoteTemplate]:
        return api.templates(**operation.payload)

    def done(self, operation: Operation, result: list[RemoteTemplate]) -> None:
        assert operation.customer is not None  # set by looking_up.ask
        list_sync.reconcile(operation.customer, result)

    def refused(self, operation: Operation, error: GatewayError) -> None:
        assert operation.customer is not None
        live.announce(operation.customer, TOPIC)


@handles(polling.CATEGORIES)
class ListCategories(Handler):
    endpoint = "GetWhatsappTemplateCategories"

    def call(self, api: SmartDialog, operation: Operation) -> list[str]:
        return api.template_categories()

    def done(self, operation: Operation, result: list[str]) -> None:
        categories = [name[:40] for name in result]
        TemplateList.objects.filter(customer=operation.customer).update(categories=categories)


def _template(operation: Operation) -> Template:
    return Template.objects.select_related("customer").get(pk=operation.payload["template"])
