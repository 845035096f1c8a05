import type { FileEntry } from "@/lib/contract/file.ts";

/** The directory that holds a path; the root holds itself. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1) || "/";
}

export function joinPath(directory: string, name: string): string {
  return directory === "/" ? `/${name}` : `${directory}/${name}`;
}

/** What someone typed as a path, from a directory on: without `.`, `..`, and doubled or trailing slashes. */
export function resolvePath(directory: string, typed: string): string {
  const parts: string[] = [];
  const whole = typed.startsWith("/") ? typed : `${directory}/${typed}`;
  for (const part of whole.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** Each directory on the way to a path, from the root, with its name. */
export function crumbsOf(path: string): { name: string; path: string }[] {
  const parts = path.split("/").filter(Boolean);
  return [
    { name: "/", path: "/" },
    ...parts.map((name, index) => ({ name, path: `/${parts.slice(0, index + 1).join("/")}` })),
  ];
}

/** What is wrong with a name for a new file; null when nothing is. */
export function wrongName(name: string): string | null {
  if (name === "") return "must not be empty";
  if (name === "." || name === "..") return "is the name of a directory that is there already";
  if (name.includes("/")) return "must not contain '/'";
  if (new TextEncoder().encode(name).length > 255) return "must have at most 255 bytes";
  return null;
}

const typeLetters: Record<FileEntry["type"], string> = {
  file: "-",
  directory: "d",
  symlink: "l",
  device: "b",
  fifo: "p",
  socket: "s",
};

/** Type and permissions as ls writes them: `drwxr-sr-t`. */
export function formatMode({ type, mode }: Pick<FileEntry, "type" | "mode">): string {
  const triple = (bits: number, special: boolean, letter: string) => {
    const execute = (bits & 1) !== 0;
    const last = special ? (execute ? letter : letter.toUpperCase()) : execute ? "x" : "-";
    return `${bits & 4 ? "r" : "-"}${bits & 2 ? "w" : "-"}${last}`;
  };
  return [
    typeLetters[type],
    triple((mode >> 6) & 7, (mode & 0o4000) !== 0, "s"),
    triple((mode >> 3) & 7, (mode & 0o2000) !== 0, "s"),
    triple(mode & 7, (mode & 0o1000) !== 0, "t"),
  ].join("");
}

export function formatOctal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

export type FileSort = "name" | "size" | "modified";

/** Entries as they are listed: directories first, hidden ones only when asked for. */
export function arrange(
  entries: readonly FileEntry[],
  { sort, descending, hidden }: { sort: FileSort; descending: boolean; hidden: boolean },
): FileEntry[] {
  const sign = descending ? -1 : 1;
  const compare = (a: FileEntry, b: FileEntry) => {
    if (sort === "size") return a.sizeBytes - b.sizeBytes;
    if (sort === "modified") return a.modifiedAt.localeCompare(b.modifiedAt);
    return a.name.localeCompare(b.name, "en", { numeric: true });
  };
  const directory = ({ type }: FileEntry) => (type === "directory" ? 0 : 1);
  return entries
    .filter(({ name }) => hidden || !name.startsWith("."))
    .sort((a, b) => directory(a) - directory(b) || sign * compare(a, b) || a.name.localeCompare(b.name, "en"));
}
