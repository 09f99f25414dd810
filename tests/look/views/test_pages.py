"""Pages of the frame itself: gallery, more, help, and what people see when something is wrong."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from pytest_django.asserts import assertTemplateUsed

from bwt_cpd.views import errors


@override_settings(DEMO=True)
def test_gallery_shows_every_component(client, teacher):
    client.force_login(teacher)

    page = client.get(reverse("components"))

    assert page.status_code == 200
    assert "Place offered" in page.content.decode()


@override_settings(DEMO=False)
def test_gallery_is_for_staff_outside_the_demonstration(client, teacher, people_team):
    client.force_login(teacher)
    assert client.get(reverse("components")).status_code == 404

    client.force_login(people_team)
    with override_settings(MFA_REQUIRED_FOR_PRIVILEGED=False):
        assert client.get(reverse("components")).status_code == 200


def test_more_lists_what_has_no_tab(client, teacher):
    client.force_login(teacher)

    page = client.get(reverse("more"))

    assert page.status_code == 200
    assert "Sign out" in page.content.decode()
    assert client.post(reverse("more")).status_code == 405


def test_colour_mode_is_written_into_the_page(client, teacher):
    teacher.colour_mode = "dark"
    teacher.save()
    client.force_login(teacher)

    assert '<html lang="en-GB" data-bs-theme="dark">' in client.get(reverse("more")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["help", "accessibility", "privacy"])
def test_pages_about_the_site_are_open(client, name):
    assert client.get(reverse(name)).status_code == 200


def test_missing_page_offers_a_way_on(client, teacher):
    client.force_login(teacher)

    page = client.get("/there-is-no-such-page/")

    assert page.status_code == 404
    assertTemplateUsed(page, "404.html")
    assert '<a class="btn btn-primary" href="/">' in page.content.decode()


def test_refusal_says_why(teacher):
    request = RequestFactory().get("/team/")
    request.user = teacher

    page = errors.permission_denied(request, PermissionDenied("Only the line manager decides this."))

    assert page.status_code == 403
    assert "Only the line manager decides this." in page.content.decode()


def test_our_own_fault_needs_no_database(django_db_blocker):
    with assertTemplateUsed("500.html"):
        page = errors.server_error(RequestFactory().get("/"))

    assert page.status_code == 500


def test_form_without_token_is_told_to_send_again(teacher):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(teacher)

    page = strict.post(reverse("account_logout"))

    assert page.status_code == 403
    assertTemplateUsed(page, "403_csrf.html")


@pytest.mark.django_db
def test_sign_in_has_labels_and_a_way_without_mailbox(client):
    response = client.get(reverse("account_login"))

    page = response.content.decode()
    for field in response.context["form"].visible_fields():
        assert re.search(rf'<label[^>]* for="{field.id_for_label}"[^>]*>\s*{field.label}', page)
    assert f'href="{reverse("first-password")}"' in page
