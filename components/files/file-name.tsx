import { File, FileSymlink, FileText, Folder, HardDriveDownload, Image, Plug, Workflow } from "lucide-react";
import type { FileEntry } from "@/lib/contract/file.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters, and those that turn the direction of text
const unprintable = /[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]/g;

/** A name as it can be shown: whoever made the file may have put anything into it. */
export function visibleName(name: string): string {
  return name.replace(unprintable, "·");
}

/** A picture of what kind of thing an entry is. */
export function FileIcon({ entry: { type, name } }: { entry: FileEntry }) {
  const common = { className: "size-4 shrink-0 text-faint", "aria-hidden": true };
  if (type === "directory") return <Folder {...common} className="size-4 shrink-0 fill-accent/20 text-accent" />;
  if (type === "symlink") return <FileSymlink {...common} />;
  if (type === "device") return <HardDriveDownload {...common} />;
  if (type === "fifo") return <Workflow {...common} />;
  if (type === "socket") return <Plug {...common} />;
  if (/\.(png|jpe?g|gif|webp|avif|bmp|ico|svg)$/i.test(name)) return <Image {...common} />;
  if (/\.(txt|md|conf|cfg|ini|json|ya?ml|toml|log|sh|py|js|ts|c|h|html|css|env)$/i.test(name))
    return <FileText {...common} />;
  return <File {...common} />;
}

const typeWords: Record<FileEntry["type"], string> = {
  file: "file",
  directory: "directory",
  symlink: "link",
  device: "device",
  fifo: "pipe",
  socket: "socket",
};

export function describeType({ type }: Pick<FileEntry, "type">): string {
  return typeWords[type];
}
