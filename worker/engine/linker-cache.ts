const magic = "glibc-ld.so.cache1.1";
const headerBytes = 48;
const entryBytes = 24;
/** NAME_MAX and PATH_MAX, each with its end. Longer texts are passed over: a container may point every entry at one of megabytes. */
const longestName = 256;
const longestPath = 4096;
/** One library has an entry for each kind of processor that it was built for. */
const mostPaths = 16;

/**
 * The library names that glibc's /etc/ld.so.cache knows, each with its paths. Entries that lead out of the file are
 * passed over, for the file may be a container's. Empty for one of another format: glibc has written this one since
 * 2.2, and alone since 2.32 (elf/cache.c, `struct cache_file_new`).
 */
export function readLinkerCache(cache: Buffer): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  if (cache.length < headerBytes || cache.toString("latin1", 0, magic.length) !== magic) return paths;
  const text = (at: number, longest: number) => {
    const end = cache.subarray(at, at + longest).indexOf(0);
    return end === -1 ? "" : cache.toString("utf8", at, at + end);
  };
  const room = Math.floor((cache.length - headerBytes) / entryBytes);
  const count = Math.min(cache.readUInt32LE(magic.length), room);
  for (let index = 0; index < count; index += 1) {
    const at = headerBytes + index * entryBytes;
    const name = text(cache.readUInt32LE(at + 4), longestName);
    const known = paths.get(name) ?? [];
    if (!name || known.length === mostPaths) continue;
    const path = text(cache.readUInt32LE(at + 8), longestPath);
    if (!path.startsWith("/")) continue;
    known.push(path);
    paths.set(name, known);
  }
  return paths;
}
