"""The outbox as it is, and the runs of the jobs; both are only looked at."""

from __future__ import annotations

from csp.decorators import csp
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_sameorigin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.decorators import display

from staff.admin.read_only import ReadOnlyAdmin
from staff.mail_frame import policy_for
from staff.models import JobRun, Message
from staff.wording import when


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin[Message]):
    list_display = ["subject", "person", "how_it_stands", "created_at", "sent_at"]
    list_filter = [("state", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter)]
    list_filter_submit = True
    list_select_related = ["person"]
    list_per_page = 50
    search_fields = ["subject", "kind", "person__first_name", "person__last_name", "person__payroll_number"]
    fields = [
        ("person", "subject"),
        ("about", "state"),
        ("not_before", "not_after"),
        ("attempts", "last_error"),
        ("created_at", "sent_at"),
        "is_uncertain",
        "as_it_arrives",
        "body_text",
        "calendar",
    ]
    readonly_fields = ["about", "as_it_arrives"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        found = super().get_queryset(request)
        # A list of a thousand mails does not need their bodies.
        name = request.resolver_match.url_name if request.resolver_match else ""
        is_list = (name or "").endswith("changelist")
        return found.defer("body_html", "body_text", "calendar") if is_list else found

    @display(
        description="State",
        label={"Sent": "success", "Shown here only": "success", "Failed": "danger", "Dropped": "warning"},
    )
    def how_it_stands(self, message: Message) -> str:
        return message.get_state_display()

    @display(description="About", ordering="kind")
    def about(self, message: Message) -> str:
        return message.kind.replace("_", " ").capitalize()

    @display(description="As it arrives")
    def as_it_arrives(self, message: Message) -> str:
        if not message.body_html:
            return "As the text below."
        # Sandboxed and under a policy of its own: what is in a mail can do nothing here.
        return format_html(
            '<iframe class="mail-frame" title="The message as it arrives" src="{}" sandbox></iframe>',
            reverse("admin:staff_message_body", args=[message.pk]),
        )

    def get_urls(self) -> list[URLPattern]:
        body = self.admin_site.admin_view(xframe_options_sameorigin(self.body_view))
        return [path("<int:pk>/body/", body, name="staff_message_body"), *super().get_urls()]

    def body_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The mail's own HTML, alone; 404 to whoever may not see messages."""
        message = self.get_object(request, str(pk))
        if message is None or not self.has_view_permission(request, message):
            raise Http404
        response = HttpResponse(message.body_html)
        response["Cache-Control"] = "no-store"
        return csp(policy_for(message.body_html))(lambda _: response)(request)


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin[JobRun]):
    list_display = ["job", "started_at", "finished_at", "is_successful", "detail"]
    fields = ["job", "started_at", "finished_at", "is_successful", "detail"]
    readonly_fields = ["job"]
    list_filter = ["name", "is_successful"]
    list_filter_submit = True

    @admin.display(ordering="name")
    def job(self, run: JobRun) -> str:
        """What it does, in words."""
        return run.title

    def heading(self, run: JobRun) -> str:
        """The job and when it ran."""
        return f"{run.title}, {when(run.started_at)}"
