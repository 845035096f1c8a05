// Builds everything that runs: the Prisma client, Next's pages and routes, and the three programs in dist/.
import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a tool of node_modules/.bin in the project's folder; rejects when it fails. */
function run(tool, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(`${root}/node_modules/.bin/${tool}`, args, {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${tool} ${args.join(" ")} ended with ${signal ?? code}`));
    });
  });
}

async function buildPrograms() {
  await rm(`${root}/dist`, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: { server: "server/main.ts", worker: "worker/main.ts", cli: "cli/main.ts" },
    outdir: "dist",
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "esm",
    packages: "external",
    sourcemap: true,
    logLevel: "info",
  });
}

await run("prisma", "generate");
await run("next", "build");
await buildPrograms();
