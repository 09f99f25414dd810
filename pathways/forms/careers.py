"""What people write about their way: since when they have something, and what their job is like."""

from __future__ import annotations

from typing import Unpack

from django import forms

from pathways.models import HeldCpd, RungVoice
from staff.form_options import FormData, FormOptions


class HeldForm(forms.ModelForm):
    """ "I have this already, since …"."""

    class Meta:
        model = HeldCpd
        fields = ["held_on", "words"]
        labels = {"held_on": "Since when?", "words": "Where you got it, if you like"}
        help_texts = {"held_on": "The day on the certificate, or about when it was."}
        widgets = {"held_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}


class VoiceForm(forms.ModelForm):
    """A few sentences about one's job."""

    class Meta:
        model = RungVoice
        fields = ["words"]
        labels = {"words": "What is your job like, and how did you get there?"}
        help_texts = {"words": "Up to 600 characters. The people team reads it before it is shown."}
        widgets = {"words": forms.Textarea(attrs={"rows": 4})}

    def __init__(
        self, data: FormData = None, *, instance: RungVoice | None = None, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, instance=instance, **options)
        self.fields["words"].required = True
