import { createHash, randomBytes } from "node:crypto";
import * as z from "zod";
import { fail } from "../lib/contract/problem.ts";
import { type FileWriter, readJson } from "./state/files.ts";
import { createLanes } from "./state/lanes.ts";

/** Unused links that are kept; older ones no longer work. */
const keptLinks = 16;

const LinkFile = z.object({
  version: z.literal(1),
  links: z.array(z.object({ hash: z.string(), principal: z.string(), createdAt: z.iso.datetime() })),
});

/** One-time sign-in links: each code works once, without a deadline. Only their hashes are on the disk. */
export interface Links {
  create(principal: string): Promise<string>;
  /** Answers whose link it was. Throws link-not-found. */
  redeem(code: string): Promise<string>;
}

const hashOf = (code: string) => createHash("sha256").update(code).digest("hex");

/** `path` is HOME/links.json. */
export function openLinks(path: string, { replaceFile }: FileWriter): Links {
  const lanes = createLanes();
  const read = async () => (await readJson(path, LinkFile))?.links ?? [];
  const write = (links: z.infer<typeof LinkFile>["links"]) =>
    replaceFile(path, JSON.stringify({ version: 1, links }), true);
  return {
    create: (principal) =>
      lanes.run(path, async () => {
        const code = randomBytes(32).toString("base64url");
        const link = { hash: hashOf(code), principal, createdAt: new Date().toISOString() };
        await write([...(await read()), link].slice(-keptLinks));
        return code;
      }),
    redeem: (code) =>
      lanes.run(path, async () => {
        const links = await read();
        const hash = hashOf(code);
        const found = links.find((link) => link.hash === hash);
        if (!found) {
          throw fail(
            "link-not-found",
            "The link does not work",
            "It was used before, or is none of this installation.",
            {
              remedy: "`./minirun token --link` prints a new one, on the machine that MiniRun runs on.",
            },
          );
        }
        await write(links.filter((link) => link !== found));
        return found.principal;
      }),
  };
}
