"""A template among others to choose from, in a campaign or a reply."""

from django import forms

from messaging.whatsapp.models import Template


class TemplateChoiceField(forms.ModelChoiceField):
    """Two of one name are told apart: by language, category and how the text begins."""

    def label_from_instance(self, obj: Template) -> str:
        return obj.choice_label
