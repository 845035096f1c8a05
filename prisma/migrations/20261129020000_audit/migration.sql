-- Who did what, from where, and what became of it. The web process can add to it and read it, and change nothing in it.
CREATE TABLE "audit" (
    "sequence" BIGSERIAL NOT NULL,
    "id" UUID NOT NULL,
    "node_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "principal" TEXT,
    "name" TEXT,
    "credential_kind" TEXT,
    "credential_id" TEXT,
    "action" TEXT NOT NULL,
    "target" TEXT,
    "container_id" UUID,
    "remote" TEXT,
    "result" TEXT NOT NULL,
    "code" TEXT,
    "detail" TEXT,
    "request_id" UUID,

    CONSTRAINT "audit_pkey" PRIMARY KEY ("sequence")
);

CREATE UNIQUE INDEX "audit_id_key" ON "audit"("id");
CREATE INDEX "audit_at_idx" ON "audit"("at");
CREATE INDEX "audit_principal_sequence_idx" ON "audit"("principal", "sequence");

-- Adds an entry, a row with its columns' names; the same id again changes nothing.
CREATE FUNCTION minirun_audit(p_entry jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_entry audit := jsonb_populate_record(NULL::audit, p_entry);
BEGIN
    v_entry.sequence := nextval('audit_sequence_seq');
    INSERT INTO audit SELECT v_entry.* ON CONFLICT (id) DO NOTHING;
END;
$$;
REVOKE ALL ON FUNCTION minirun_audit(jsonb) FROM PUBLIC;

-- A change on a node and the entry that tells of it, in one transaction: minirun_project of three arguments, and the audit.
CREATE FUNCTION minirun_project(p_container jsonb, p_event jsonb, p_operation jsonb, p_audit jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM minirun_project(p_container, p_event, p_operation);
    IF p_audit IS NOT NULL THEN
        PERFORM minirun_audit(p_audit);
    END IF;
END;
$$;
REVOKE ALL ON FUNCTION minirun_project(jsonb, jsonb, jsonb, jsonb) FROM PUBLIC;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'minirun_web') THEN
        GRANT SELECT ON audit TO minirun_web;
        GRANT EXECUTE ON FUNCTION minirun_audit(jsonb) TO minirun_web;
    END IF;
END;
$$;
