import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { ContainerId } from "../../lib/contract/container.ts";
import { type FileWriter, hasCode, readJson, syncFolder } from "./files.ts";
import { ContainerRecord, isLive } from "./record.ts";

/** The records of this node's containers, in memory and on the disk. */
export interface Records {
  /**
   * Reads all of them. Answers the names of folders without a record, and of ones whose record is damaged. Throws the
   * system's error when one can't be read now, which says nothing about it (EMFILE, ENOMEM).
   */
  load(): Promise<{ unknown: string[]; damaged: { id: string; error: unknown }[] }>;
  /** The record of this id, of a deleted container too. */
  get(id: string): ContainerRecord | undefined;
  /** The live container of this name or id. */
  find(ref: string): ContainerRecord | undefined;
  live(): ContainerRecord[];
  all(): ContainerRecord[];
  /** Without `durable` a loss of power may leave the record before, but never a part of one. */
  save(record: ContainerRecord, options: { durable: boolean }): Promise<void>;
  /** Takes a record out of memory; its folder is the caller's to remove. */
  drop(id: string): void;
  /** Keeps a name for a container that is being made. Answers false when another has it. */
  reserveName(name: string, id: string): boolean;
  /** Gives up a name that was kept for a container. */
  releaseName(name: string, id: string): void;
  folder(id: string): string;
}

/** Where a record that can't be read is kept. */
export const damagedPath = (path: string) => `${path}.damaged`;

export function createRecords(root: string, { replaceFile }: FileWriter): Records {
  const records = new Map<string, ContainerRecord>();
  const names = new Map<string, string>();
  const folder = (id: string) => join(root, ContainerId.parse(id));

  const releaseName = (name: string, id: string) => {
    if (names.get(name) === id) names.delete(name);
  };
  const remember = (record: ContainerRecord) => {
    const before = records.get(record.id);
    if (before && before.spec.name !== record.spec.name) releaseName(before.spec.name, record.id);
    records.set(record.id, record);
    if (record.deletedAt === null) names.set(record.spec.name, record.id);
    else releaseName(record.spec.name, record.id);
  };

  return {
    folder,
    async load() {
      const unknown: string[] = [];
      const damaged: { id: string; error: unknown }[] = [];
      for (const name of await readdir(root)) {
        if (!ContainerId.safeParse(name).success) continue;
        try {
          const path = join(root, name, "record.json");
          const record = await readJson(path, ContainerRecord);
          if (record) remember(record);
          else if (existsSync(damagedPath(path))) damaged.push({ id: name, error: new Error(`${path} is not there`) });
          else unknown.push(name);
        } catch (error) {
          if (hasCode(error) && !hasCode(error, "EIO")) throw error;
          damaged.push({ id: name, error });
        }
      }
      return { unknown, damaged };
    },
    get: (id) => records.get(id),
    find(ref) {
      const record = records.get(names.get(ref) ?? ref);
      return record && isLive(record) ? record : undefined;
    },
    live: () => [...records.values()].filter(isLive),
    all: () => [...records.values()],
    async save(record, options) {
      if (!records.has(record.id)) {
        const made = await mkdir(folder(record.id), { recursive: true, mode: 0o700 });
        if (made && options.durable) await syncFolder(root);
      }
      await replaceFile(join(folder(record.id), "record.json"), JSON.stringify(record), options.durable || "content");
      remember(record);
    },
    drop(id) {
      const record = records.get(id);
      if (record) releaseName(record.spec.name, id);
      records.delete(id);
    },
    releaseName,
    reserveName(name, id) {
      const owner = names.get(name);
      if (owner !== undefined && owner !== id) return false;
      names.set(name, id);
      return true;
    },
  };
}
