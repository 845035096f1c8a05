import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type FileWriter, hasCode, readJson } from "../state/files.ts";
import { StoredSession } from "./stored-session.ts";

/** Where sessions lie, and how files are written and folders removed with all below them. */
export interface SessionFolders extends FileWriter {
  /** RUN/sessions: sessions on a container's own streams, and the shims of others. */
  run: string;
  /** HOME/containers: the others lie with their container. */
  containers: string;
  removeTree(path: string): Promise<void>;
}

/** All sessions, in memory and on the disk. */
export interface SessionStore {
  get(id: string): StoredSession | undefined;
  all(): StoredSession[];
  /** Survives this process, not a loss of power. */
  create(session: StoredSession): Promise<void>;
  /** Changes a session that is known, in memory alone. */
  remember(session: StoredSession): void;
  /** The same, and then its file, unless its container was deleted meanwhile. */
  update(session: StoredSession): Promise<void>;
  /** Takes a session out, with its files. */
  remove(session: StoredSession): Promise<void>;
  /** RUN/sessions/ID: an exec session's shim. */
  runFolder(id: string): string;
  /** HOME/containers/CONTAINER/sessions/ID: an exec session's command, output and trace. */
  stateFolder(session: Pick<StoredSession, "id" | "containerId">): string;
}

/** Reads what there is; what can't be read is removed. */
export async function openSessionStore({
  run,
  containers,
  removeTree,
  replaceFile,
}: SessionFolders): Promise<SessionStore> {
  const sessions = new Map<string, StoredSession>();
  const runFolder = (id: string) => join(run, id);
  const stateFolder: SessionStore["stateFolder"] = ({ id, containerId }) =>
    join(containers, containerId, "sessions", id);
  const fileOf = (session: StoredSession) =>
    session.mode === "exec" ? join(stateFolder(session), "session.json") : join(run, `${session.id}.json`);
  const write = (session: StoredSession) => replaceFile(fileOf(session), JSON.stringify(session), false);

  const load = async (file: string, remains: string) => {
    const session = await readJson(file, StoredSession).catch(() => null);
    if (session && fileOf(session) === file) sessions.set(session.id, session);
    else await removeTree(remains);
  };
  const remember = (session: StoredSession): boolean => {
    const isKnown = sessions.has(session.id);
    if (isKnown) sessions.set(session.id, session);
    return isKnown;
  };

  await mkdir(run, { recursive: true, mode: 0o700 });
  for (const name of await namesIn(run)) {
    if (name.endsWith(".json") || name.endsWith(".tmp")) await load(join(run, name), join(run, name));
  }
  for (const container of await namesIn(containers)) {
    const folder = join(containers, container, "sessions");
    for (const id of await namesIn(folder)) await load(join(folder, id, "session.json"), join(folder, id));
  }

  return {
    runFolder,
    stateFolder,
    get: (id) => sessions.get(id),
    all: () => [...sessions.values()],
    async create(session) {
      if (session.mode === "exec") await mkdir(stateFolder(session), { recursive: true, mode: 0o700 });
      await write(session);
      sessions.set(session.id, session);
    },
    remember,
    async update(session) {
      if (!remember(session)) return;
      await write(session).catch((error) => {
        if (!hasCode(error, "ENOENT")) throw error;
      });
    },
    async remove(session) {
      sessions.delete(session.id);
      if (session.mode === "attach") return removeTree(fileOf(session));
      await removeTree(stateFolder(session));
      await removeTree(runFolder(session.id));
    },
  };
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
