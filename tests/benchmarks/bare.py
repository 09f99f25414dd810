"""The portal with two bare Django views beside it: what the benchmarks measure against.

Same process, same middleware, same database; each bare view makes the one query that Django's own
list and detail views would, and renders the plainest page of it.
"""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.bare_settings"

from django.contrib.auth.decorators import login_not_required
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template import engines
from django.urls import include, path

application = get_wsgi_application()

from courses.models import Course  # noqa: E402 - needs the apps

_LIST = """<!doctype html><title>Courses</title><ul>{% for course in courses %}
<li><a href="/bare/{{ course.slug }}/">{{ course.title }}</a> {{ course.minutes }}</li>{% endfor %}</ul>"""
_DETAIL = """<!doctype html><title>{{ course.title }}</title><h1>{{ course.title }}</h1><p>{{ course.summary }}</p>"""
_list, _detail = (engines["django"].from_string(source) for source in (_LIST, _DETAIL))


@login_not_required
def bare_list(request: HttpRequest) -> HttpResponse:
    """25 rows."""
    return HttpResponse(
        _list.render({"courses": Course.objects.defer("search").order_by("title")[:25]}, request)
    )


@login_not_required
def bare_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One row."""
    return HttpResponse(_detail.render({"course": get_object_or_404(Course, slug=slug)}, request))


urlpatterns = [
    path("bare/", bare_list),
    path("bare/<slug:slug>/", bare_detail),
    path("", include("bwt_cpd.urls")),
]
handler404 = "bwt_cpd.views.errors.not_found"
