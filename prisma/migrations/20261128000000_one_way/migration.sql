-- A change on a node in one call: what became of an operation, what happened, how the container now stands. Each argument
-- is a row with its columns' names, or null. Applied again it changes nothing: events and operations have primary keys
-- made on the node, and a container never goes back to an older revision.
CREATE FUNCTION minirun_project(p_container jsonb, p_event jsonb, p_operation jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_container containers := jsonb_populate_record(NULL::containers, p_container);
    v_event     events := jsonb_populate_record(NULL::events, p_event);
    v_operation operations := jsonb_populate_record(NULL::operations, p_operation);
BEGIN
    IF p_container IS NOT NULL THEN
        PERFORM FROM containers WHERE id = v_container.id AND revision >= v_container.revision FOR UPDATE;
        IF NOT FOUND THEN
            IF v_container.deleted_at IS NULL THEN
                -- Names are unique on the node, whose word counts: another row with this name is left from a state that is gone.
                UPDATE containers SET deleted_at = now()
                WHERE node_id = v_container.node_id AND name = v_container.name AND id <> v_container.id AND deleted_at IS NULL;
            END IF;
            v_container.updated_at := now();
            INSERT INTO containers SELECT v_container.*
            ON CONFLICT (id) DO UPDATE SET
                name = excluded.name, image = excluded.image, command_line = excluded.command_line, spec = excluded.spec,
                state = excluded.state, generation = greatest(containers.generation, excluded.generation),
                revision = excluded.revision, pid = excluded.pid, exit_code = excluded.exit_code, signal = excluded.signal,
                reason = excluded.reason, oom_kills = excluded.oom_kills, restart_count = excluded.restart_count,
                next_start_at = excluded.next_start_at, id_range_start = excluded.id_range_start,
                id_range_size = excluded.id_range_size, missing = excluded.missing, problem = excluded.problem,
                started_at = excluded.started_at, finished_at = excluded.finished_at, deleted_at = excluded.deleted_at,
                updated_at = excluded.updated_at;
        END IF;
    END IF;

    IF p_event IS NOT NULL THEN
        INSERT INTO events (id, node_id, container_id, action, at, container)
        VALUES (v_event.id, v_event.node_id, v_event.container_id, v_event.action, v_event.at, v_event.container)
        ON CONFLICT (id) DO NOTHING;
    END IF;

    IF p_operation IS NOT NULL THEN
        INSERT INTO operations SELECT v_operation.*
        ON CONFLICT (id) DO UPDATE SET
            state = excluded.state, problem = excluded.problem, trace = excluded.trace, container = excluded.container,
            container_name = excluded.container_name, started_at = excluded.started_at, finished_at = excluded.finished_at
        WHERE operations.state IN ('queued', 'running');
        IF v_operation.finished_at IS NOT NULL THEN
            -- Its job has nothing left to do. One that is being worked on ends by itself.
            PERFORM graphile_worker.remove_job(key) FROM graphile_worker.jobs
            WHERE key = v_operation.id::text AND locked_at IS NULL;
            -- Whoever waits for it wakes with the commit, and then reads the new state.
            PERFORM pg_notify('minirun_operation', v_operation.id::text);
        END IF;
    END IF;
END;
$$;
REVOKE ALL ON FUNCTION minirun_project(jsonb, jsonb, jsonb) FROM PUBLIC;

-- As before, and: a single operation goes to the worker's socket in the same breath, which takes its job away when it is
-- done. The job is for when that fails, and waits so long before anybody fetches it in vain.
CREATE OR REPLACE FUNCTION minirun_submit(p_node text, p_operation jsonb, p_key text, p_bulk boolean DEFAULT false) RETURNS jsonb
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
        job_key := v_id::text,
        run_at := CASE WHEN p_bulk THEN now() ELSE now() + interval '2 seconds' END);
    RETURN p_operation;
END;
$$;
