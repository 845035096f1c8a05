import { fileURLToPath } from "node:url";
import { defineConfig } from "prisma/config";

/**
 * Prisma's command line looks for a native schema engine and would download it. `generate`, `validate` and `format`
 * only want the file to exist; the `migrate` commands speak to scripts/schema-engine.mjs, which works offline.
 */
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(new URL("scripts/schema-engine.mjs", import.meta.url));
process.env.CHECKPOINT_DISABLE ??= "1";

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "" },
});
