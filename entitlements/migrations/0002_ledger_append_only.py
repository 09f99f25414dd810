"""The ledger refuses UPDATE, DELETE and TRUNCATE, whoever asks (DESIGN invariant 2).

Plain SQL and not pgtrigger: its triggers honour a session switch and cannot refuse TRUNCATE.
The run-time role, where there is one, loses the rights as well.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only: % is refused. Reverse the entry instead.', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_refuses_change BEFORE UPDATE OR DELETE ON entitlements_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_refuses_truncate BEFORE TRUNCATE ON entitlements_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
ALTER TABLE entitlements_ledgerentry ENABLE ALWAYS TRIGGER ledger_refuses_change;
ALTER TABLE entitlements_ledgerentry ENABLE ALWAYS TRIGGER ledger_refuses_truncate;
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'bwt_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON entitlements_ledgerentry FROM bwt_app;
    END IF;
END $$;
"""

BACKWARDS = """
DROP TRIGGER ledger_refuses_truncate ON entitlements_ledgerentry;
DROP TRIGGER ledger_refuses_change ON entitlements_ledgerentry;
DROP FUNCTION ledger_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
