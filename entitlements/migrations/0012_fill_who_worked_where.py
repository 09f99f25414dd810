"""Years closed so far take school, role, line manager and the rest from the contracts of today.

How these stood when a year was closed was not kept; from here on closing writes them down, and no later
edit of a contract changes them.
"""

from django.db import migrations

FILL = """
UPDATE entitlements_closedstatement closed SET
    school_id = c.school_id, school_phase = s.phase, department_id = c.department_id,
    line_manager_id = c.line_manager_id, role_title = r.title, job_family = r.job_family,
    staff_group = r.staff_group, is_in_contract = c.ends_on IS NULL OR c.ends_on >= y.ends_on
FROM staff_contract c, staff_school s, staff_jobrole r, entitlements_academicyear y
WHERE c.id = closed.main_contract_id AND s.id = c.school_id AND r.id = c.job_role_id AND y.id = closed.year_id
"""


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0011_a_closed_year_keeps_who_worked_where")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
