import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  outputDir: "../../test-results/e2e",
  globalSetup: "./global-setup.ts",
  // One browser and real containers on two cores: waits are generous, and nothing runs side by side.
  workers: 1,
  timeout: 180_000,
  // On a machine that others share a wait can be too short; the report names what passed at its second try.
  retries: process.env.CI ? 1 : 0,
  expect: { timeout: 30_000 },
  use: {
    baseURL: process.env.MINIRUN_E2E_URL,
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
