from django.urls import path

from accounts.views import doors, own

app_name = "accounts"

urlpatterns = [
    path("sign-in/", doors.sign_in, name="sign_in"),
    path("sign-out/", doors.sign_out, name="sign_out"),
    path("connection/", own.connect, name="connect"),
    path("typed/", doors.typed_before, name="typed"),
    path("waiting/", doors.waiting, name="waiting"),
    path("customer/", own.switch_customer, name="switch_customer"),
    path("preferences/", own.preferences, name="preferences"),
]
