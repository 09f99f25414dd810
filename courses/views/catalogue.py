"""Finding a course: the list, the month, and one course."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from courses.access import get_course_for, manages_courses, may_manage
from courses.actions.catalogue import register_interest, withdraw_interest
from courses.filters import CatalogueFilter
from courses.models import Course
from courses.queries import catalogue
from courses.queries.cards import cards_for
from courses.queries.course_page import courses_for_page, page_of
from courses.queries.months import Month, weeks_of
from courses.queries.readers import reader_for
from courses.wording import audience_words
from staff import clock
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest

# What htmx may ask for by the id of what it will replace; anything else gets the whole page.
PARTS = {"find": "#find", "results": "#results"}


def part_asked_for(request: SignedInRequest) -> str:
    """ "#results" or "#find" for htmx, "" for a whole page; a restored history entry is whole too."""
    if not request.htmx or request.htmx.history_restore_request:
        return ""
    return PARTS.get(request.htmx.target or "", "")


@require_safe
def course_list(request: SignedInRequest) -> HttpResponse:
    """Courses that can be attended, by words and filters; everything is in the address."""
    _tidy(request)
    now, today = clock.now(), clock.today()
    reader = reader_for(request.user.person, on=today)
    chosen = CatalogueFilter(
        request.GET, catalogue.listed_courses(), reader=reader, choices=catalogue.choices(), on=today
    )
    narrowing = chosen.narrowing
    found = catalogue.find(
        chosen.qs,
        words=chosen.words,
        reader=reader,
        now=now,
        narrowing=narrowing,
        sort=chosen.order,
        number=_page_number(request),
    )
    cards = cards_for(found.page, reader=reader, now=now, narrowing=narrowing)
    part = part_asked_for(request)
    context = {
        "chosen": chosen,
        "found": found,
        "cards": cards,
        "reader": reader,
        "part": part,
        "may_manage": manages_courses(request.user),
        "month_url": _month_url(request, Month.of(chosen.days[0] or today)),
    }
    return _answer(request, "courses/course_list.html", part, context)


@require_safe
def course_month(request: SignedInRequest, month: str) -> HttpResponse:
    """A month of sessions with the same words and filters; the list is a link away."""
    _tidy(request)
    try:
        shown = Month.parse(month)
    except ValueError as mistake:
        raise Http404("There is no such month.") from mistake
    today = clock.today()
    reader = reader_for(request.user.person, on=today)
    chosen = CatalogueFilter(
        request.GET, catalogue.listed_courses(), reader=reader, choices=catalogue.choices(), on=today
    )
    weeks = weeks_of(
        shown,
        courses=chosen.qs,
        words=chosen.words,
        sessions=chosen.narrowing.of(catalogue.sessions_shown_to(reader)),
        reader=reader,
        today=today,
    )
    part = part_asked_for(request)
    context = {
        "chosen": chosen,
        "weeks": weeks,
        "month": shown,
        "total": sum(day.total for week in weeks for day in week),
        "reader": reader,
        "part": part,
        "previous_url": _month_url(request, shown.previous),
        "next_url": _month_url(request, shown.next),
        "list_path": reverse("courses:course-list"),
        "list_url": _with_query(request, reverse("courses:course-list")),
    }
    return _answer(request, "courses/course_month.html", part, context)


@require_safe
def course_detail(request: SignedInRequest, slug: str) -> HttpResponse:
    """One course: what, for whom, when, who from my school is going, and a place to book."""
    now, today = clock.now(), clock.today()
    reader = reader_for(request.user.person, on=today)
    course = get_course_for(request.user, slug, courses_for_page(reader, now=now))
    manages = may_manage(request.user, course)
    page = page_of(course, person=request.user.person, reader=reader, now=now, on=today, manages=manages)
    context = {
        "page": page,
        "course": course,
        "audience": audience_words(course.audience, most=4),
        "may_manage": manages,
        "nav_current": "find",
    }
    return render(request, "courses/course_detail.html", context)


@require_POST
def course_interest(request: SignedInRequest, slug: str) -> HttpResponse:
    """Register interest in a course, or withdraw it (`withdraw` in the form)."""
    course = get_course_for(request.user, slug, Course.objects.all())
    person = request.user.person
    if person is None:
        raise PermissionDenied("This sign-in has no staff record to write to.")
    try:
        if "withdraw" in request.POST:
            withdraw_interest(person=person, course_id=course.pk, by=person)
            messages.info(request, f"We will not write to you about {course.title}.")
        else:
            register_interest(person=person, course_id=course.pk, by=person)
            messages.success(request, f"We will write to you when {course.title} has a date.")
    except ActionRefused as refusal:
        messages.error(request, refusal.sentence)
    return redirect(course)


def _tidy(request: SignedInRequest) -> None:
    """Leave out what a form sends of the filters nobody chose, so that addresses and links stay short."""
    query = request.GET.copy()
    for name in list(query):
        if not any(query.getlist(name)) or (name, query[name]) == ("sort", "best"):
            del query[name]
    request.GET = query  # type: ignore[assignment]


def _answer(request: SignedInRequest, template: str, part: str, context: dict[str, object]) -> HttpResponse:
    """The page, or its part with the address that the browser should show."""
    response = render(request, f"{template}{part}", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    if part:
        response["HX-Push-Url"] = f"{request.path}?{request.GET.urlencode()}" if request.GET else request.path
    return response


def _with_query(request: SignedInRequest, path: str) -> str:
    """Another address with the choices of this one; the page number stays behind."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"{path}?{query.urlencode()}" if query else path


def _month_url(request: SignedInRequest, month: Month) -> str:
    return _with_query(request, reverse("courses:course-month", args=[str(month)]))


def _page_number(request: SignedInRequest) -> int:
    """The page asked for; 1 for anything that is not a number of a page."""
    typed = request.GET.get("page", "")
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
