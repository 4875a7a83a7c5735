from django.urls import path

from accounts.views import auth, profile

app_name = "accounts"

urlpatterns = [
    path("sign-in/", auth.sign_in, name="sign_in"),
    path("sign-out/", auth.sign_out, name="sign_out"),
    path("connection/", profile.connect, name="connect"),
    path("typed/", auth.unsent_form, name="typed"),
    path("waiting/", auth.waiting, name="waiting"),
    path("customer/", profile.switch_customer, name="switch_customer"),
    path("preferences/", profile.preferences, name="preferences"),
]
