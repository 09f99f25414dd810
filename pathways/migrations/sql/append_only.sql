-- What somebody has decided stays as it was written: a decision that was wrong is followed by another.
-- The audit trail beside these tables has triggers of its own (staff/migration_operations.py).

CREATE FUNCTION row_is_kept_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or removed: % is refused.', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER kept_for_good
    BEFORE UPDATE OR DELETE ON pathways_routedecision
    FOR EACH ROW EXECUTE FUNCTION row_is_kept_for_good();
CREATE TRIGGER kept_for_good
    BEFORE UPDATE OR DELETE ON pathways_panelranking
    FOR EACH ROW EXECUTE FUNCTION row_is_kept_for_good();
CREATE TRIGGER kept_for_good
    BEFORE UPDATE OR DELETE ON pathways_paneloverspend
    FOR EACH ROW EXECUTE FUNCTION row_is_kept_for_good();
CREATE TRIGGER kept_for_good
    BEFORE UPDATE OR DELETE ON pathways_teachingintereststep
    FOR EACH ROW EXECUTE FUNCTION row_is_kept_for_good();

-- BACKWARDS

DROP TRIGGER kept_for_good ON pathways_teachingintereststep;
DROP TRIGGER kept_for_good ON pathways_paneloverspend;
DROP TRIGGER kept_for_good ON pathways_panelranking;
DROP TRIGGER kept_for_good ON pathways_routedecision;
DROP FUNCTION row_is_kept_for_good();
