-- CreateTable
CREATE TABLE "nodes" (
    "id" TEXT NOT NULL,
    "hostname" TEXT NOT NULL,
    "kernel" TEXT NOT NULL,
    "cgroup_version" INTEGER NOT NULL,
    "version" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "nodes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "containers" (
    "id" UUID NOT NULL,
    "node_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "image" TEXT NOT NULL,
    "command_line" TEXT NOT NULL,
    "spec" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "revision" BIGINT NOT NULL,
    "pid" INTEGER,
    "exit_code" INTEGER,
    "signal" TEXT,
    "reason" TEXT,
    "oom_kills" INTEGER NOT NULL DEFAULT 0,
    "id_range_start" BIGINT,
    "id_range_size" BIGINT,
    "missing" JSONB NOT NULL DEFAULT '[]',
    "problem" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "containers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operations" (
    "id" UUID NOT NULL,
    "node_id" TEXT NOT NULL,
    "container_id" UUID NOT NULL,
    "verb" TEXT NOT NULL,
    "principal" TEXT NOT NULL,
    "arguments" JSONB NOT NULL,
    "generation" INTEGER,
    "idempotency_key" TEXT,
    "state" TEXT NOT NULL,
    "problem" JSONB,
    "trace" JSONB,
    "container" JSONB,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "operations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "events" (
    "sequence" BIGSERIAL NOT NULL,
    "id" UUID NOT NULL,
    "node_id" TEXT NOT NULL,
    "container_id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "container" JSONB NOT NULL,

    CONSTRAINT "events_pkey" PRIMARY KEY ("sequence")
);

-- CreateTable
CREATE TABLE "principals" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "principals_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "containers_created_at_idx" ON "containers"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "containers_live_name" ON "containers"("node_id", "name") WHERE (deleted_at IS NULL);

-- CreateIndex
CREATE INDEX "operations_container_id_requested_at_idx" ON "operations"("container_id", "requested_at");

-- CreateIndex
CREATE UNIQUE INDEX "events_id_key" ON "events"("id");

-- CreateIndex
CREATE INDEX "events_container_id_sequence_idx" ON "events"("container_id", "sequence");

-- AddForeignKey
ALTER TABLE "containers" ADD CONSTRAINT "containers_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "operations" ADD CONSTRAINT "operations_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "events" ADD CONSTRAINT "events_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- The local root, who holds the operator token.
INSERT INTO "principals" ("id", "name", "role") VALUES ('operator', 'Operator', 'administrator');

-- The one thing that the web process may change: it asks for an operation. In one transaction the request gets its
-- place among those for its container, is written down, and becomes a job for its node.
-- Answers the operation's generation and time; a second call with the same id answers those of the first.
-- Errors: object_not_in_prerequisite_state (the node has not registered yet), no_data_found (no such container),
-- unique_violation on containers_live_name (the name is taken) or on operations_pkey (the id stands for another request).
CREATE FUNCTION minirun_submit(p_node text, p_operation jsonb, p_key text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_id         uuid := p_operation->>'id';
    v_container  uuid := p_operation->>'containerId';
    v_verb       text := p_operation->>'verb';
    v_arguments  jsonb := p_operation->'arguments';
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

    IF v_verb = 'create' THEN
        IF EXISTS (SELECT FROM containers
                   WHERE node_id = p_node AND name = v_arguments->>'name' AND deleted_at IS NULL) THEN
            RAISE EXCEPTION 'the name % is taken', v_arguments->>'name'
                USING ERRCODE = 'unique_violation', CONSTRAINT = 'containers_live_name';
        END IF;
    ELSE
        UPDATE containers SET generation = generation + 1, updated_at = now()
        WHERE id = v_container AND node_id = p_node AND deleted_at IS NULL
        RETURNING generation INTO v_generation;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no container %', v_container USING ERRCODE = 'no_data_found';
        END IF;
    END IF;

    UPDATE operations SET generation = v_generation WHERE id = v_id;
    p_operation := p_operation || jsonb_build_object('generation', v_generation);
    PERFORM graphile_worker.add_job('operation:' || p_node, p_operation::json, job_key := v_id::text);
    RETURN p_operation;
END;
$$;

REVOKE ALL ON FUNCTION minirun_submit(text, jsonb, text) FROM PUBLIC;

-- With an outside database one role owns everything, and there is nobody to grant to.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'minirun_web') THEN
        GRANT SELECT ON nodes, containers, operations, events, principals TO minirun_web;
        GRANT EXECUTE ON FUNCTION minirun_submit(text, jsonb, text) TO minirun_web;
    END IF;
END;
$$;
