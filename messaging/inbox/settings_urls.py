from django.urls import path

from messaging.inbox.views import opt_out_words

app_name = "opt_out_words"

urlpatterns = [path("", opt_out_words.words, name="words")]
