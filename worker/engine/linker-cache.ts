const magic = "glibc-ld.so.cache1.1";
const headerBytes = 48;
const entryBytes = 24;

/**
 * The library names that glibc's /etc/ld.so.cache knows, each with its paths. Entries that lead out of the file are
 * passed over, for the file may be a container's. Empty for one of another format: glibc has written this one since
 * 2.2, and alone since 2.32 (elf/cache.c, `struct cache_file_new`).
 */
export function readLinkerCache(cache: Buffer): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  if (cache.length < headerBytes || cache.toString("latin1", 0, magic.length) !== magic) return paths;
  const text = (at: number) => {
    const end = cache.indexOf(0, at);
    return end === -1 ? "" : cache.toString("utf8", at, end);
  };
  const room = Math.floor((cache.length - headerBytes) / entryBytes);
  const count = Math.min(cache.readUInt32LE(magic.length), room);
  for (let index = 0; index < count; index += 1) {
    const at = headerBytes + index * entryBytes;
    const [name, path] = [text(cache.readUInt32LE(at + 4)), text(cache.readUInt32LE(at + 8))];
    if (name && path.startsWith("/")) paths.set(name, [...(paths.get(name) ?? []), path]);
  }
  return paths;
}
