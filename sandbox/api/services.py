"""Customers, services, regions and triggers: operations 1, 5 to 7 and 20."""

from urllib.parse import quote

import phonenumbers

from sandbox import ids
from sandbox.api.bodies import Field, read_body
from sandbox.api.calls import Call, Refusal, Reply, wrong_customer
from sandbox.api.regions import REGION_NAMES
from sandbox.models import Service, Subscription

OPTION_FIELDS = (
    Field(name="endpointUrl", required=True),
    Field(name="httpVerb", required=True, choices=("POST",)),
)
TRIGGER_FIELDS = (
    Field(name="name", required=True),
    Field(name="actionType", required=True, choices=("HttpRequest",)),
    Field(name="description", required=True),
    Field(name="options", kind=OPTION_FIELDS, required=True),
)


def list_customers(call: Call) -> Reply:
    assert call.person
    customers = [
        {"customerId": call.written(one.id), "customerName": one.name} for one in call.person.customers.all()
    ]
    return Reply(200, {"customerUsers": customers})


def list_services(call: Call) -> Reply:
    kind = call.request.headers.get("ServiceType", "")
    if kind not in Service.Kind.values:
        raise Refusal(400, f"The header ServiceType must be one of {', '.join(Service.Kind.values)}")
    services = present(call, Service.Kind(kind))
    allows = call.request.headers.get("AllowReplyMessage")
    if allows is not None:
        if allows not in ("true", "false"):
            raise Refusal(400, "The header AllowReplyMessage must be true or false")
        services = [service for service in services if service.allows_reply == (allows == "true")]
    return Reply(200, [{"id": call.written(service.id), "name": service.name} for service in services])


def list_regions(call: Call) -> Reply:
    codes = sorted(phonenumbers.SUPPORTED_REGIONS, key=lambda code: REGION_NAMES.get(code, code))
    return Reply(200, [{"value": code, "name": REGION_NAMES.get(code, code)} for code in codes])


def create_trigger(call: Call) -> Reply:
    fields = read_body(call, TRIGGER_FIELDS)
    url = fields["options"]["endpointUrl"]
    if not url.startswith(("http://", "https://")):
        raise Refusal(400, "endpointUrl must be an absolute URL")
    service = get_service(call, call.path["service"], Service.Kind.TWO_WAY)
    trigger = service.subscriptions.create(name=fields["name"], description=fields["description"], url=url)
    call.subject = service.name
    location = call.request.path.split("/service/")[0]
    pipeline, action = (quote(str(call.written(key)), safe="") for key in (service.pipeline_id, trigger.id))
    location += f"/pipelines/{pipeline}/actions/{action}"
    headers = (
        {"Location": call.request.build_absolute_uri(location)} if call.switches["trigger_location"] else {}
    )
    return Reply(201, {"id": call.written(trigger.id)}, headers)


def delete_trigger(call: Call) -> Reply:
    assert call.person
    try:
        trigger = Subscription.objects.select_related("service").get(
            id=ids.decode(call.path["action"]), service__pipeline_id=ids.decode(call.path["pipeline"])
        )
    except (ValueError, Subscription.DoesNotExist) as error:
        raise Refusal(404, "There is no such action") from error
    if not call.person.customers.filter(id=trigger.service.customer_id).exists():
        raise wrong_customer(call)
    call.subject = trigger.service.name
    trigger.delete()
    return Reply(204)


def get_service(call: Call, text: str, kind: Service.Kind) -> Service:
    """The customer's service that a header or path names; Refusal when it is not there or of another kind."""
    try:
        service = call.customer.services.get(id=ids.decode(text))
    except (ValueError, Service.DoesNotExist) as error:
        raise Refusal(400, "The customer has no such service") from error
    if service not in present(call, Service.Kind(service.kind)):
        raise Refusal(400, "The customer has no such service")
    if service not in present(call, kind):
        raise Refusal(400, f"The service is not of the type {kind}")
    return service


def present(call: Call, kind: Service.Kind) -> list[Service]:
    """The customer's services of the kind, as far as the switches leave them."""
    kinds = [kind]
    if call.switches["services_in_two_kinds"] and kind != Service.Kind.GROUP:
        kinds = [Service.Kind.ONE_WAY, Service.Kind.TWO_WAY]
    services = call.customer.services.filter(kind__in=kinds)
    if call.switches["services_listed"] == "all":
        return list(services)
    firsts = {(service.kind, service.allows_reply): service for service in reversed(services)}
    return list(firsts.values()) if call.switches["services_listed"] == "first" else []
