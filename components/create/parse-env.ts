/**
 * Variables from the text of a .env file: `NAME=value` a line, with `export`, comments, and values in single or double
 * quotes. In double quotes \n, \" and \\ stand for a line's end, a quote and a backslash. Lines that name nothing are
 * left out.
 */
export function parseEnv(text: string): [name: string, value: string][] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name, raw = ""] = /^\s*(?:export\s+)?([^\s=#][^\s=]*)\s*(?:=(.*))?$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, readValue(raw.trim())] as [string, string]];
  });
}

function readValue(raw: string): string {
  const [, single] = /^'([^']*)'\s*(?:#.*)?$/.exec(raw) ?? [];
  if (single !== undefined) return single;
  const [, double] = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(raw) ?? [];
  if (double !== undefined) return double.replace(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char));
  return raw.replace(/\s+#.*$/, "");
}

/** Variables as the text of a .env file that {@link parseEnv} reads back the same. */
export function formatEnv(pairs: readonly { name: string; value: string }[]): string {
  return pairs
    .filter(({ name }) => name !== "")
    .map(({ name, value }) => `${name}=${/^[\w@%+:,./=-]*$/.test(value) ? value : quote(value)}`)
    .join("\n");
}

function quote(value: string): string {
  return `"${value.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
