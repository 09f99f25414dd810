"""My messages, as they arrived or would have arrived: in demo mode this is the mailbox."""

from __future__ import annotations

from csp.constants import SELF
from csp.decorators import csp, csp_update
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from staff import clock
from staff.access import get_message_for, messages_of
from staff.actions.messages import mark_read
from staff.mail_frame import policy_for
from staff.requests import SignedInRequest

PER_PAGE = 25


@require_safe
def message_list(request: SignedInRequest) -> HttpResponse:
    """Newest first, 25 on a page."""
    found = messages_of(request.user).defer("body_html", "calendar")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "staff/message_list.html", {"page": page, "nav_current": "more"})


@require_safe
def message_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One message: its head here, its body in a sandboxed frame."""
    message = get_message_for(request.user, pk)
    mark_read(message=message, now=clock.now())
    page = render(request, "staff/message_detail.html", {"message": message, "nav_current": "more"})
    csp_update({"frame-src": [SELF]})(lambda _: page)(request)
    return page


@never_cache
@xframe_options_sameorigin
@require_safe
def message_body(request: SignedInRequest, pk: int) -> HttpResponse:
    """The mail's own HTML, and nothing else, under a policy that fits this mail alone."""
    message = get_message_for(request.user, pk)
    html = message.body_html.replace("<head>", '<head><base target="_blank">', 1)
    response = HttpResponse(html)
    csp(policy_for(html))(lambda _: response)(request)
    return response


@never_cache
@require_safe
def message_calendar(request: SignedInRequest, pk: int) -> HttpResponse:
    """The calendar entry that travels with the mail, as a file."""
    message = get_message_for(request.user, pk)
    if not message.calendar:
        raise Http404("This message has no calendar entry.")
    return HttpResponse(
        message.calendar,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="session.ics"'},
    )
