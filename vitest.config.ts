import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { variable as coverage } from "./tests/coverage/collect.ts";

const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  resolve: { alias: { "@": root } },
  test: {
    // On a machine that others share a wait can be too short; the report names what passed at its second try.
    retry: process.env.CI ? 1 : 0,
    setupFiles: process.env[coverage] ? [join(root, "tests/coverage/vitest-setup.ts")] : [],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{lib,worker,server,cli,components,app}/**/*.test.{ts,tsx}"],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "runtime",
          include: ["tests/integration/runtime/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "oci",
          include: ["tests/integration/oci/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "peers",
          include: ["tests/peers/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["tests/integration/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
