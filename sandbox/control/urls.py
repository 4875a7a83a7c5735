from django.urls import path, register_converter

from sandbox.control import api, page, phones


class PhoneNumber:
    regex = r"\+?\d{3,20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PhoneNumber, "phone")

urlpatterns = [
    # The control page
    path("_control/", page.control, name="control"),
    path("_control/traffic/", page.traffic_now, name="traffic"),
    path("_control/templates/<uuid:template_id>/review/", page.review_template, name="template-review"),
    path("_control/people/<uuid:subject>/grants/", page.change_grants, name="grants"),
    path("_control/switches/", page.change_switches, name="control-switches"),
    path("_control/faults/", page.add_fault, name="control-faults"),
    path("_control/faults/<int:fault_id>/removal/", page.remove_fault, name="fault-removal"),
    path("_control/reset/", page.reset, name="control-reset"),
    # The phones
    path("_phones/", phones.phone_list, name="phones"),
    path("_phones/<phone:number>/", phones.phone, name="phone"),
    path("_phones/<phone:number>/bubbles/", phones.bubbles, name="bubbles"),
    # The control API
    path("_ledger", api.show_ledger, name="ledger"),
    path("_state", api.show_state, name="state"),
    path("_faults", api.faults, name="faults"),
    path("_switches", api.change_switches, name="switches"),
    path("_clock", api.move_clock, name="clock"),
    path("_events", api.emit_events, name="events"),
    path("_openapi.json", api.show_openapi, name="openapi"),
    path("_reset", api.reset, name="reset"),
]
