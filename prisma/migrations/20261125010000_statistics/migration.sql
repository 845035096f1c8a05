-- What containers have used: a point a second for 15 minutes, a minute for a day, 15 minutes for 30 days.
CREATE TABLE "statistics" (
    "container_id" UUID NOT NULL,
    "step_seconds" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(0) NOT NULL,
    "cpu_percent" REAL,
    "throttled_percent" REAL,
    "memory_bytes" REAL,
    "anon_bytes" REAL,
    "file_bytes" REAL,
    "kernel_bytes" REAL,
    "pids" REAL,
    "read_bytes_per_second" REAL,
    "write_bytes_per_second" REAL,
    "received_bytes_per_second" REAL,
    "sent_bytes_per_second" REAL,
    "cpu_pressure" REAL,
    "memory_pressure" REAL,
    "io_pressure" REAL,

    CONSTRAINT "statistics_pkey" PRIMARY KEY ("container_id", "step_seconds", "at")
);

CREATE INDEX "statistics_step_seconds_at_idx" ON "statistics"("step_seconds", "at");

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'minirun_web') THEN
        GRANT SELECT ON statistics TO minirun_web;
    END IF;
END;
$$;
