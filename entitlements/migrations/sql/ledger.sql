-- The ledger is append-only (DESIGN, invariant 2), and each entry holds to its year (R14, R17), whoever writes.
--
-- Plain triggers and not pgtrigger's: those honour a session switch and cannot refuse TRUNCATE. ENABLE ALWAYS,
-- so that session_replication_role does not step round them either.

CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only: % is refused. Reverse the entry instead.', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER ledger_refuses_change
    BEFORE UPDATE OR DELETE ON entitlements_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_refuses_truncate
    BEFORE TRUNCATE ON entitlements_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
ALTER TABLE entitlements_ledgerentry ENABLE ALWAYS TRIGGER ledger_refuses_change;
ALTER TABLE entitlements_ledgerentry ENABLE ALWAYS TRIGGER ledger_refuses_truncate;

-- The run-time role, where there is one, loses the rights as well.
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'bwt_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON entitlements_ledgerentry FROM bwt_app;
    END IF;
END $$;

-- The year's row is read under the lock that a foreign key takes, so that closing a year waits for entries
-- under way, and entries that waited for it see that it is closed.
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

CREATE TRIGGER ledger_holds_to_its_year
    BEFORE INSERT ON entitlements_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION ledger_holds_to_its_year();
ALTER TABLE entitlements_ledgerentry ENABLE ALWAYS TRIGGER ledger_holds_to_its_year;

-- BACKWARDS

DROP TRIGGER ledger_holds_to_its_year ON entitlements_ledgerentry;
DROP FUNCTION ledger_holds_to_its_year();
DROP TRIGGER ledger_refuses_truncate ON entitlements_ledgerentry;
DROP TRIGGER ledger_refuses_change ON entitlements_ledgerentry;
DROP FUNCTION ledger_is_append_only();
