from django.urls import path

from sandbox.control import api

urlpatterns = [
    # The control API
    path("_ledger", api.show_ledger, name="ledger"),
    path("_state", api.show_state, name="state"),
    path("_faults", api.faults, name="faults"),
    path("_switches", api.change_switches, name="switches"),
    path("_clock", api.move_clock, name="clock"),
    path("_events", api.emit_events, name="events"),
    path("_reset", api.reset, name="reset"),
]
