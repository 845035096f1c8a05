-- Restart policies, and operations that tell their progress and are listed.
ALTER TABLE "containers" ADD COLUMN "restart_count" INTEGER NOT NULL DEFAULT 0, ADD COLUMN "next_start_at" TIMESTAMPTZ(3);

ALTER TABLE "operations" ADD COLUMN "progress" JSONB, ADD COLUMN "container_name" TEXT;

CREATE INDEX "operations_requested_at_idx" ON "operations"("requested_at");

-- As in the first migration, and: a new name, which an update may bring too, must be free; what belongs to a bulk
-- action is a task of its own, of which a node carries out only a few at once.
DROP FUNCTION minirun_submit(text, jsonb, text);
CREATE FUNCTION minirun_submit(p_node text, p_operation jsonb, p_key text, p_bulk boolean DEFAULT false) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_id         uuid := p_operation->>'id';
    v_container  uuid := p_operation->>'containerId';
    v_verb       text := p_operation->>'verb';
    v_arguments  jsonb := p_operation->'arguments';
    v_name       text;
    v_generation integer := 1;
    v_first      operations%ROWTYPE;
BEGIN
    IF NOT EXISTS (SELECT FROM nodes WHERE id = p_node) THEN
        RAISE EXCEPTION 'node % has not registered', p_node USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;

    INSERT INTO operations (id, node_id, container_id, verb, principal, arguments, idempotency_key, state, requested_at)
    VALUES (v_id, p_node, v_container, v_verb, p_operation->>'principal', v_arguments, p_key, 'queued',
            (p_operation->>'requestedAt')::timestamptz)
    ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN
        SELECT * INTO STRICT v_first FROM operations WHERE id = v_id;
        -- A repeated create may bring another container id: the first one's counts.
        IF v_first.verb <> v_verb OR v_first.arguments <> v_arguments
            OR (v_first.container_id <> v_container AND v_verb <> 'create')
        THEN
            RAISE EXCEPTION 'operation % stands for another request', v_id
                USING ERRCODE = 'unique_violation', CONSTRAINT = 'operations_pkey';
        END IF;
        RETURN p_operation || jsonb_build_object('containerId', v_first.container_id, 'generation', v_first.generation);
    END IF;

    v_name := CASE v_verb WHEN 'create' THEN v_arguments->>'name' WHEN 'update' THEN v_arguments->'change'->>'name' END;
    IF EXISTS (SELECT FROM containers
               WHERE node_id = p_node AND name = v_name AND id <> v_container AND deleted_at IS NULL) THEN
        RAISE EXCEPTION 'the name % is taken', v_name
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'containers_live_name';
    END IF;
    IF v_verb <> 'create' THEN
        UPDATE containers SET generation = generation + 1, updated_at = now()
        WHERE id = v_container AND node_id = p_node AND deleted_at IS NULL
        RETURNING generation INTO v_generation;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no container %', v_container USING ERRCODE = 'no_data_found';
        END IF;
    END IF;

    UPDATE operations SET generation = v_generation WHERE id = v_id;
    p_operation := p_operation || jsonb_build_object('generation', v_generation);
    PERFORM graphile_worker.add_job(CASE WHEN p_bulk THEN 'bulk:' ELSE 'operation:' END || p_node, p_operation::json,
        job_key := v_id::text);
    RETURN p_operation;
END;
$$;

REVOKE ALL ON FUNCTION minirun_submit(text, jsonb, text, boolean) FROM PUBLIC;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'minirun_web') THEN
        GRANT EXECUTE ON FUNCTION minirun_submit(text, jsonb, text, boolean) TO minirun_web;
    END IF;
END;
$$;
