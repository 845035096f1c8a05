import * as z from "zod";

/** The version of the archive's form: another number for what this code could not read. */
export const backupFormat = 1;

/** The last member: an archive without it was never finished. */
export const manifestName = "manifest.json";
/** Records, bundles, traces, outbox and secrets, as of the same moment as the database. */
export const stateName = "state.tar";

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
/** Every name that a member may have. */
export const memberName = new RegExp(
  `^(?:state\\.tar|database/[a-z_]{1,63}\\.jsonl|containers/${uuid}\\.tar|images/host/[A-Za-z0-9-]{1,64}\\.tar|layers/[0-9a-f]{64}\\.tar)$`,
);

/** What became of a container's own files. */
export const FilesTaken = z.enum(["stopped", "frozen", "running", "left-out"]);
export type FilesTaken = z.infer<typeof FilesTaken>;

/** manifest.json: what the archive holds, and what must be there to restore it. */
export const Manifest = z.object({
  format: z.int(),
  /** The MiniRun that made it. */
  version: z.string(),
  createdAt: z.iso.datetime(),
  node: z.string(),
  /** MINIRUN_HOME, as it stands in records and bundles. */
  home: z.string(),
  /** The schema: names of the migrations that had been applied, in their order. */
  migrations: z.array(z.string().regex(/^\d{14}_\w+$/)),
  containers: z.array(z.object({ id: z.uuid(), name: z.string(), state: z.string(), files: FilesTaken })),
  members: z.array(
    z.object({ name: z.string().regex(memberName), size: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});
export type Manifest = z.infer<typeof Manifest>;
