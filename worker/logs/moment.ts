const units = { s: 1n, m: 60n, h: 3600n, d: 86_400n };
const billion = 1_000_000_000n;

/** A time of a log query, RFC 3339 or how long before `now` (milliseconds), in nanoseconds since 1970. */
export function parseMoment(text: string, now = Date.now()): bigint {
  const ago = /^(\d+)([smhd])$/.exec(text);
  if (ago) return BigInt(now) * 1_000_000n - BigInt(ago[1] ?? 0) * units[ago[2] as keyof typeof units] * billion;
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? "";
  const seconds = BigInt(Math.floor(Date.parse(text.replace(/\.\d+/, "")) / 1000));
  return seconds * billion + BigInt(fraction.padEnd(9, "0").slice(0, 9));
}
