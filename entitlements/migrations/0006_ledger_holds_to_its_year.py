"""An entry lies in its year, and a closed year takes no more entries (R14, R17), whoever writes them.

The year's row is read under the lock that a foreign key takes, so that closing a year waits for entries
under way, and entries that waited for it see that it is closed.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION ledger_holds_to_its_year() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
BEGIN
    SELECT starts_on, ends_on, closed_at INTO held
        FROM entitlements_academicyear WHERE id = NEW.year_id FOR KEY SHARE;
    IF held.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'The year of this entry is closed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.occurred_on < held.starts_on OR NEW.occurred_on > held.ends_on THEN
        RAISE EXCEPTION 'The date of this entry is not in its year.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_holds_to_its_year BEFORE INSERT ON entitlements_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION ledger_holds_to_its_year();
ALTER TABLE entitlements_ledgerentry ENABLE ALWAYS TRIGGER ledger_holds_to_its_year;
"""

BACKWARDS = """
DROP TRIGGER ledger_holds_to_its_year ON entitlements_ledgerentry;
DROP FUNCTION ledger_holds_to_its_year();
"""


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0005_ledger_keeps_what_an_entry_replaces")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
