"""A form of the admin that is sent twice has one effect (docs/decisions/repeated-forms.md)."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Final

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from unfold.admin import ModelAdmin

from staff import clock
from staff.admin.choices import ChosenByHand
from staff.turns import take_turn

SENT_AGAIN_WITHIN: Final = timedelta(hours=12)
"""As long as a session lasts: an older page has to be read anew anyway."""


def form_key(request: HttpRequest) -> str:
    """What tells a form, as this person has sent it, from every other; empty for a POST that no page made.

    Every page that is read has a token of its own against forged requests: the same token with the same content is the
    same form, sent twice. The same words on a page read afresh are another form, and so is a page that one went back
    to and filled in otherwise.
    """
    if not request.POST.get("csrfmiddlewaretoken"):
        return ""
    sent = [request.user.pk, request.path, sorted(request.POST.lists())]
    return hashlib.sha256(json.dumps(sent).encode()).hexdigest()


class OnceAdmin(ChosenByHand, ModelAdmin):
    """Each form in turn, and the second of the same gets the answer of the first. The base of every admin here."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponseBase:
        """Adding and changing: what the form has written is known by the admin's own log.

        Rows of one kind, those below another included, are written one after the other, so that of two people who add the same the second
        reads at the field that it is there.
        """
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        key = form_key(request)
        kinds = {self.opts.label_lower, *(inline.model._meta.label_lower for inline in self.inlines)}  # noqa: SLF001
        with transaction.atomic():
            for kind in sorted(kinds):
                take_turn("admin form", kind)
            written = self._log(request).filter(change_message__contains=key).first() if key else None
            found = self.get_object(request, written.object_id) if written and written.object_id else None
            if found is None or written is None:
                return super().changeform_view(request, object_id, form_url, extra_context)
            answer = self.response_add if written.is_addition() else self.response_change
            return answer(request, found)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponseBase:
        """Deleting: whoever has deleted the row is told so again."""
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        key = unquote(object_id).replace("\0", "")  # PostgreSQL has no such sign in a text
        with transaction.atomic():
            take_turn("admin row", self.opts.label_lower, key)
            gone = self._log(request).filter(action_flag=DELETION, object_id=key).first()
            if gone is None or self.get_object(request, key) is not None:
                return super().delete_view(request, object_id, extra_context)
            if not self.has_delete_permission(request):
                raise PermissionDenied
            return self.response_delete(request, gone.object_repr, key)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponseBase:
        """Actions on chosen rows: one of a person's after the other, so that each sees what the last one did."""
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        with transaction.atomic():
            take_turn("admin list", self.opts.label_lower, request.user.pk)
            return super().changelist_view(request, extra_context)

    def log_addition(self, request: HttpRequest, obj: object, message: object) -> LogEntry:
        """With the key of the form."""
        return super().log_addition(request, obj, _with_key(request, message))

    def log_change(self, request: HttpRequest, obj: object, message: object) -> LogEntry:
        """With the key of the form."""
        return super().log_change(request, obj, _with_key(request, message))

    def _log(self, request: HttpRequest) -> QuerySet[LogEntry]:
        """What this person has done with rows of this kind since their session can have begun, the last first."""
        kind = ContentType.objects.get_for_model(self.model)
        since = clock.now() - SENT_AGAIN_WITHIN
        done = LogEntry.objects.filter(user=request.user.pk, content_type=kind, action_time__gt=since)
        return done.order_by("-action_time")


def _with_key(request: HttpRequest, message: object) -> object:
    """The log's words with the form's key as a part that nobody is shown."""
    key = form_key(request)
    return [*message, {"form": key}] if key and isinstance(message, list) else message
