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

/**
 * Web and worker are a file each. The command line is split, so that a verb loads what it needs and nothing else, and
 * has its packages in it: reading zod's and commander's files one by one would double the time to its first line.
 */
async function buildPrograms() {
  await rm(`${root}/dist`, { recursive: true, force: true });
  const common = {
    absWorkingDir: root,
    outdir: "dist",
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "esm",
    sourcemap: true,
    // Half as much to read for Node, and names stay for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: "warning",
  };
  const services = { server: "server/main.ts", worker: "worker/main.ts" };
  await build({ ...common, entryPoints: services, packages: "external" });
  await build({
    ...common,
    entryPoints: { cli: "cli/main.ts" },
    splitting: true,
    chunkNames: "cli-[name]-[hash]",
    external: ["pg", "graphile-worker"],
    // For packages in CommonJS, which ask for Node's modules by require.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
}

await run("prisma", "generate");
await run("next", "build");
await buildPrograms();
