import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { coverageFolder, profileFolder, root, treeFolder } from "./places.ts";

/**
 * Brings the copy up to date and builds it: what is unchanged keeps its time, so that make and Next do again only what
 * they must. The project's own build stays as it is. Throws when a step fails.
 */
export function buildTree(): void {
  copySources();
  linkPackages();
  buildNative();
  buildPrograms();
}

/** Git's list: what is committed or about to be. */
function copySources(): void {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
  const wanted = new Set(
    listed
      .toString()
      .split("\0")
      .filter((path) => path !== "" && existsSync(join(root, path))),
  );
  const record = join(coverageFolder, "sources.json");
  const before: string[] = existsSync(record) ? JSON.parse(readFileSync(record, "utf8")) : [];
  for (const path of before) if (!wanted.has(path)) rmSync(join(treeFolder, path), { force: true });
  for (const path of wanted) copyChanged(path);
  writeFileSync(record, JSON.stringify([...wanted]));
  // A repository of its own: the one around it ignores this folder, and Tailwind all that Git ignores.
  if (!existsSync(join(treeFolder, ".git"))) run("git", ["init", "--quiet"]);
  run("git", ["add", "--all"]);
}

function copyChanged(path: string): void {
  const [from, to] = [join(root, path), join(treeFolder, path)];
  const bytes = readFileSync(from);
  const change = changes[path];
  const wanted = change ? Buffer.from(change(bytes.toString())) : bytes;
  if (!existsSync(to) || !readFileSync(to).equals(wanted)) {
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, wanted);
  }
  chmodSync(to, statSync(from).mode);
}

/** What the copy has otherwise. */
const changes: Record<string, (text: string) => string> = {
  // Pages and routes as they are written, with maps: minified, many lines would have no place of their own. The copy lies
  // in a folder that looks like a project's as well.
  "next.config.js": (text) =>
    replaced(
      text,
      "export default {",
      (found) => `${found}
  productionBrowserSourceMaps: true,
  experimental: { turbopackMinify: false, serverSourceMaps: true },
  turbopack: { root: import.meta.dirname },`,
    ),
  // Clang refuses a precompiled header where flags differ; with -fPIC for all they don't.
  "native/precompile.sh": (text) => replaced(text, "| grep -q __clang__", () => "| false"),
};

function replaced(text: string, what: string, by: (found: string) => string): string {
  if (!text.includes(what))
    throw new Error(`the copy for coverage is to have something else than '${what}', which is gone`);
  return text.replace(what, by);
}

/** Hard links: Turbopack follows no symbolic link out of the project. */
function linkPackages(): void {
  whenNew("packages.stamp", readFileSync(join(root, "package-lock.json"), "utf8"), () => {
    rmSync(join(treeFolder, "node_modules"), { recursive: true, force: true });
    run("cp", ["-al", join(root, "node_modules"), join(treeFolder, "node_modules")]);
  });
}

/**
 * Clang's continuous mode (Source-based Code Coverage, "Running the instrumented program"): the counters are the profile
 * file itself, mapped and shared, so what is killed, leaves by _exit or executes something else has counted all the same.
 * The file's name is compiled in, because a shim starts with an empty environment.
 */
const counters = `-fprofile-instr-generate=${join(profileFolder, "%m%c.profraw")}`;
const mapping = "-fcoverage-mapping -mllvm -runtime-counter-relocation";

function buildNative(): void {
  mkdirSync(profileFolder, { recursive: true });
  const env = {
    ...process.env,
    CC: "clang",
    CXX: "clang++",
    CXXFLAGS: `-O1 -fPIC ${counters} ${mapping} -Wno-unknown-warning-option`,
    LDFLAGS: counters,
  };
  const native = join(treeFolder, "native");
  // Sources that came or went are found when it is configured.
  const sources = readdirSync(native, { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.(?:cc|gypi?)$/.test(name) && !name.startsWith("build/"),
  );
  const settings = `${sources.join()}${readFileSync(join(native, "binding.gyp"))}${env.CXXFLAGS}`;
  whenNew("native.stamp", settings, () => {
    const prefix = dirname(dirname(process.execPath));
    run("node_modules/.bin/node-gyp", ["configure", "--silent", "-C", "native", `--nodedir=${prefix}`], env);
  });
  run("make", ["-s", `-j${Math.min(2, availableParallelism())}`, "-C", "native/build", "BUILDTYPE=Release"], env);
}

function buildPrograms(): void {
  const folders = ["app", "components", "server", "worker", "lib", "cli", "prisma", "scripts", "public"];
  const files = folders.flatMap((name) =>
    readdirSync(join(treeFolder, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes("lib/store/generated"))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const all = [...files, join(treeFolder, "package-lock.json"), join(treeFolder, "next.config.js")];
  const text = all.map((path) => `${path}\0${readFileSync(path, "utf8")}`).join("\0");
  whenNew("programs.stamp", text, () => run(process.execPath, ["scripts/build.mjs"]));
}

/** Does something unless it was done for this very text the last time. */
function whenNew(name: string, text: string, work: () => void): void {
  const stamp = join(coverageFolder, name);
  const print = createHash("sha256").update(text).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === print) return;
  rmSync(stamp, { force: true });
  work();
  writeFileSync(stamp, print);
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv = process.env): void {
  const { status, error } = spawnSync(command, args, { cwd: treeFolder, env, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status} in ${treeFolder}`);
}
