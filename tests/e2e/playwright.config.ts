import { defineConfig } from "@playwright/test";
import { variable as coverage, layout } from "../coverage/collect.ts";
import { countPages } from "../coverage/pages.ts";
import { projects, variable } from "./global-setup.ts";

const counted = process.env[coverage];
if (counted) countPages(layout(counted).pages);

/** The documentation's pictures are taken anew only where that is asked for; looks.spec.ts tries every page anyway. */
const pictures = process.env.MINIRUN_PICTURES !== undefined;

export default defineConfig({
  testDir: ".",
  outputDir: "../../test-results/e2e",
  globalSetup: "./global-setup.ts",
  // Real containers on two cores: waits are generous. What looks at every page runs beside the journeys, which follow each
  // other: they share an instance, and some need its list empty.
  workers: 2,
  projects: projects.map((name) => ({
    name,
    workers: 1,
    ...(name === "looks"
      ? { testMatch: "looks.spec.ts" }
      : { testIgnore: ["looks.spec.ts", ...(pictures ? [] : ["*-pictures.spec.ts"])] }),
    use: { baseURL: process.env[variable("URL", name)] ?? process.env[variable("URL")] },
  })),
  timeout: 180_000,
  // On a machine that others share a wait can be too short; the report names what passed at its second try.
  retries: process.env.CI ? 1 : 0,
  expect: { timeout: 30_000 },
  use: {
    // Without its film, which costs as much as the browser itself: a failure keeps its steps and snapshots of the page.
    trace: { mode: "retain-on-failure", screenshots: false },
    launchOptions: {
      executablePath: "/usr/bin/chromium",
      // Debian starts Chromium with rasterization on the GPU, which a machine without one then does in software.
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-sync",
        "--disable-gpu-rasterization",
      ],
    },
  },
});
