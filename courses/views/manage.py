"""Running the catalogue, courses: for hub leads their hub's, for the people team all of it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from courses.access import (
    courses_managed_by,
    door_to_managing,
    get_managed_course,
    hub_ids_led_by,
    manages_everything,
)
from courses.actions.catalogue import set_published
from courses.filters import ManagedCourseFilter
from courses.forms.catalogue import CourseForm
from courses.models import Course
from courses.queries.managing import courses_in_table, reach_of, sessions_in_table
from courses.wording import audience_words
from staff import clock
from staff.models import Hub, User
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest

PER_PAGE = 50


@require_safe
def course_table(request: SignedInRequest) -> HttpResponse:
    """My courses, with the next date and how full it is."""
    door_to_managing(request.user)
    chosen = ManagedCourseFilter(
        request.GET,
        courses_in_table(courses_managed_by(request.user), now=clock.now()),
        hubs=_hubs(request.user),
    )
    page = Paginator(chosen.qs, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "courses/manage_list.html", {"page": page, "chosen": chosen})


@require_http_methods(["GET", "POST"])
def course_new(request: SignedInRequest) -> HttpResponse:
    """A new course; it is published when it is ready."""
    door_to_managing(request.user)
    hubs = _hubs(request.user)
    form = CourseForm(request.POST or None, hubs=hubs, initial={"hub": hubs.first(), "audience": ["all"]})
    course = _saved(form) or _sent_before(request, hubs) if request.method == "POST" else None
    if course:
        messages.success(
            request, f"{course.title} is there, not published yet. Add its dates, then publish it."
        )
        return redirect("courses:manage-course", course.slug)
    return _course_form(request, form, title="New course")


@require_http_methods(["GET", "POST"])
def course_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """Change what a course says."""
    course = get_managed_course(request.user, slug)
    form = CourseForm(request.POST or None, instance=course, hubs=_hubs(request.user))
    if request.method == "POST" and _saved(form):
        messages.success(request, "Saved.", extra_tags="passing")
        return redirect("courses:manage-course", course.slug)
    return _course_form(request, form, title=f"Change {course.title}", course=course)


def _saved(form: CourseForm) -> Course | None:
    """The course as written; none with the errors at the fields, also where somebody took the code at this moment."""
    if not form.is_valid():
        return None
    try:
        with transaction.atomic():
            return form.save()
    except IntegrityError:
        form.add_error("code", "A course with this code was made just now.")
        return None


def _sent_before(request: SignedInRequest, hubs: QuerySet[Hub]) -> Course | None:
    """The course that stands there word for word, where this very form has made it before."""
    code = request.POST.get("code", "").replace("\0", "").strip().upper()
    course = Course.objects.filter(code=code, hub__in=hubs).first()
    again = CourseForm(request.POST, instance=course, hubs=hubs)
    return course if course and set(again.changed_data) <= {"code"} else None


def _course_form(request: SignedInRequest, form: CourseForm, **context: object) -> HttpResponse:
    """The form; 422 where something has to be put right."""
    audience = form["audience"].value() or []
    people, schools = reach_of(audience, on=clock.today())
    context |= {"form": form, "people": people, "schools": schools}
    return render(request, "courses/manage_form.html", context, status=422 if form.errors else 200)


@require_GET
def audience_reach(request: SignedInRequest) -> HttpResponse:
    """How many people the chosen audience means: the part of the form that htmx refreshes."""
    door_to_managing(request.user)
    people, schools = reach_of(request.GET.getlist("audience"), on=clock.today())
    return render(request, "courses/manage_form.html#reach", {"people": people, "schools": schools})


@require_safe
def course_manage(request: SignedInRequest, slug: str) -> HttpResponse:
    """One course to run: its dates with how full they are, and what can be done."""
    course = get_managed_course(request.user, slug)
    now, today = clock.now(), clock.today()
    sessions = list(sessions_in_table(course))
    people, schools = reach_of(course.audience, on=today)
    context = {
        "course": course,
        "audience": audience_words(course.audience, most=6),
        "upcoming": [one for one in reversed(sessions) if one.starts_at > now],
        "past": [one for one in sessions if one.starts_at <= now],
        "people": people,
        "schools": schools,
        "interested": course.interests.filter(told_at__isnull=True).count(),
    }
    return render(request, "courses/manage_course.html", context)


@require_POST
def course_publish(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show the course in the catalogue (`publish` in the form), or take it out."""
    course = get_managed_course(request.user, slug)
    is_published = "publish" in request.POST
    try:
        set_published(course_id=course.pk, is_published=is_published, by=request.user.person, now=clock.now())
    except ActionRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        words = "is in the catalogue now" if is_published else "is out of the catalogue"
        messages.success(request, f"{course.title} {words}.")
    return redirect("courses:manage-course", course.slug)


def _hubs(user: User) -> QuerySet[Hub]:
    """The hubs for which this person may make courses."""
    return Hub.objects.all() if manages_everything(user) else Hub.objects.filter(pk__in=hub_ids_led_by(user))
