-- Restart policies, and operations that tell their progress and are listed.
ALTER TABLE "containers" ADD COLUMN "restart_count" INTEGER NOT NULL DEFAULT 0, ADD COLUMN "next_start_at" TIMESTAMPTZ(3);

ALTER TABLE "operations" ADD COLUMN "progress" JSONB, ADD COLUMN "container_name" TEXT;

CREATE INDEX "operations_requested_at_idx" ON "operations"("requested_at");
