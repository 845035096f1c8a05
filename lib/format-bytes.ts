const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** Bytes with a binary unit: 512 B, 1.5 KiB, 64 MiB. */
export function formatBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  const value = bytes / 1024 ** power;
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} ${units[power]}`;
}
