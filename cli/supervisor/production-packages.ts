import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const names = z.record(z.string(), z.string()).default({});
const LockedPackage = z.object({
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().optional() })).default({}),
});
type LockedPackage = z.infer<typeof LockedPackage>;

const Lock = z.object({ packages: z.record(z.string(), LockedPackage) });

/** Needed for building alone, though their parents name them: Next's compiler, and what its style sheets are prefixed by. */
const buildOnly = /^(@next\/swc-|caniuse-lite$)/;

/**
 * The folders below `root` (as `node_modules/a`, `node_modules/a/node_modules/b`) of every package that the product
 * needs when it runs: those that package.json's dependencies reach by Node's way of looking packages up. npm's own
 * `dev` marks do not do, because a peer dependency of a development tool counts as needed there.
 */
export function productionPackages(root: string): string[] {
  const { packages } = Lock.parse(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));
  const found = new Set<string>();
  const visit = (from: string) => {
    const entry = packages[from];
    for (const name of entry ? requirements(entry) : []) {
      const path = buildOnly.test(name) ? null : lookUp(packages, from, name);
      if (!path || found.has(path) || !existsSync(join(root, path))) continue;
      found.add(path);
      visit(path);
    }
  };
  visit("");
  return [...found].sort();
}

function requirements(entry: LockedPackage): string[] {
  const peers = Object.keys(entry.peerDependencies).filter((name) => !entry.peerDependenciesMeta[name]?.optional);
  return [...Object.keys(entry.dependencies), ...Object.keys(entry.optionalDependencies), ...peers];
}

/** Node's look-up: the nearest node_modules, from the package's own outwards. */
function lookUp(packages: Record<string, LockedPackage>, from: string, name: string): string | null {
  const own = from === "" ? `node_modules/${name}` : `${from}/node_modules/${name}`;
  if (packages[own]) return own;
  if (from === "") return null;
  return lookUp(packages, from.slice(0, Math.max(0, from.lastIndexOf("/node_modules/"))), name);
}
