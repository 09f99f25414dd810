"""The ledger in the admin: read, and reversed with a reason."""

import pytest
from django.urls import reverse

from entitlements.models import LedgerEntry, Statement
from tests.factories.entitlements import AcademicYearFactory, ActivityKindFactory, EntitlementPolicyFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/entitlements/ledgerentry/"


@pytest.fixture
def entry(teacher):
    year = AcademicYearFactory()
    EntitlementPolicyFactory(year=year)
    return LedgerEntry.objects.create(
        person=teacher.person, year=year, kind=ActivityKindFactory(), minutes=120, occurred_on="2026-11-02",
        title="Phonics", source_key="register:1:1:1",
    )  # fmt: skip


def _reverse(client, *entries, **fields):
    chosen = [entry.pk for entry in entries]
    return client.post(LIST, {"action": "reverse_entries", "index": 0, "_selected_action": chosen, **fields})


def test_reverse_this_entry_asks_for_a_reason(client, people_team, entry):
    client.force_login(people_team)
    url = reverse("admin:entitlements_ledgerentry_reverse_this", args=[entry.pk])

    page = client.get(url).content.decode()
    without = _reverse(client, entry, reason="  ")

    assert "Phonics" in page
    assert 'name="reason"' in page
    assert "This field is required" in without.content.decode()
    assert LedgerEntry.objects.count() == 1


def test_a_reversal_is_an_entry_of_its_own_with_reason_and_actor(client, people_team, entry):
    client.force_login(people_team)

    response = _reverse(client, entry, reason="Marked twice")
    _reverse(client, entry, reason="Once more")

    reversal = LedgerEntry.objects.get(reverses=entry)
    assert response.status_code == 302
    assert (reversal.minutes, reversal.reason, reversal.created_by) == (
        -120,
        "Marked twice",
        people_team.person,
    )
    assert str(reversal.occurred_on) == entry.occurred_on
    assert LedgerEntry.objects.count() == 2
    assert Statement.objects.get(person=entry.person).counted_minutes == 0


def test_nobody_adds_changes_or_deletes_an_entry(client, people_team, entry):
    client.force_login(people_team)
    change = reverse("admin:entitlements_ledgerentry_change", args=[entry.pk])

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(change, {"minutes": 999}).status_code == 403
    assert client.post(reverse("admin:entitlements_ledgerentry_delete", args=[entry.pk])).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"})
    entry.refresh_from_db()
    assert entry.minutes == 120


def test_a_teacher_reverses_nothing(client, teacher, entry):
    client.force_login(teacher)

    assert _reverse(client, entry, reason="Mine").status_code == 302
    assert LedgerEntry.objects.count() == 1


def test_a_policy_change_is_a_new_version_and_a_closed_year_keeps_its_own(client, people_team, entry):
    client.force_login(people_team)
    policy = entry.year.policy
    url = reverse("admin:entitlements_entitlementpolicy_change", args=[policy.pk])
    fields = {
        field.name: getattr(policy, field.name)
        for field in policy._meta.fields
        if field.name not in ("id", "year", "version", "pro_rata_part_time")
    } | {"pro_rata_part_time": "on", "days_owed": 6}

    assert client.post(url, fields).status_code == 302
    policy.refresh_from_db()
    assert (policy.days_owed, policy.version) == (6, 2)

    type(policy.year).objects.update(closed_at="2027-09-30T00:00Z")
    assert client.post(url, {**fields, "days_owed": 7}).status_code == 403
    policy.refresh_from_db()
    assert policy.days_owed == 6


def test_every_number_of_a_policy_stands_by_itself_with_its_unit(client, people_team, entry):
    client.force_login(people_team)

    page = client.get(
        reverse("admin:entitlements_entitlementpolicy_change", args=[entry.year.policy.pk])
    ).context
    lines = [line for fieldset in page["adminform"] for line in fieldset]
    fields = {name: page["adminform"].form.fields[name] for name in page["adminform"].form.fields}

    assert [len(line.fields) for line in lines] == [1] * len(lines)
    assert set(fields) == {name for fieldset in page["adminform"] for name in fieldset.fields} - {
        "year",
        "version",
    }
    for name, field in fields.items():
        unit = field.help_text.split(" ")[0].rstrip(".")
        assert field.label.lower() != name.replace("_", " "), name
        assert unit in ("Days", "Minutes", "Per") or name == "pro_rata_part_time", (name, field.help_text)
