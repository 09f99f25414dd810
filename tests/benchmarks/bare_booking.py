"""The portal with a bare way to book beside it: what the booking benchmark measures against.

Same process, middleware, sign-in and database; the bare view counts one place and inserts one row.
"""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.bare_booking_settings"

from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.views.decorators.http import require_POST

application = get_wsgi_application()

from courses.models import Booking, Session  # noqa: E402 - needs the apps


@require_POST
def bare_book(request: HttpRequest, pk: int) -> HttpResponse:
    """Count the place first, then insert the row."""
    with transaction.atomic():
        Session.objects.filter(pk=pk, booked_count__lt=F("capacity")).update(
            booked_count=F("booked_count") + 1, next_position=F("next_position") + 1
        )
        # Its position is its person: unique, and no second statement to learn it.
        booking = Booking.objects.create(
            session_id=pk, person_id=request.user.person_id, state="booked", position=request.user.person_id
        )
    return redirect(f"/courses/bookings/{booking.pk}/")


urlpatterns = [path("bare/<int:pk>/book/", bare_book), path("", include("bwt_cpd.urls"))]
handler404 = "bwt_cpd.views.errors.not_found"
