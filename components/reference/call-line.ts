interface Call {
  method: string;
  path: string;
  /** Values of the parameters, by name; those that are empty are left out. */
  values: Readonly<Record<string, string>>;
  parameters: readonly { name: string; in: string }[];
}

/** The path and query of a call, below /api/v1. A parameter of the path that has no value stays in braces. */
export function callPath({ path, values, parameters }: Omit<Call, "method">): string {
  const filled = path.replace(/\{(\w+)\}/g, (braces, name: string) =>
    values[name] ? encodeURIComponent(values[name]) : braces,
  );
  const query = parameters.filter((parameter) => parameter.in === "query" && values[parameter.name]);
  const search = new URLSearchParams(query.map(({ name }) => [name, values[name] ?? ""]));
  return search.size > 0 ? `${filled}?${search}` : filled;
}

/** A call as a curl command, with the operator token of the machine that it runs on. */
export function curlLine(
  call: Call,
  options: { origin: string; signIn: boolean; mediaType: string | null; body: string | null },
): string {
  const { origin, signIn, mediaType, body } = options;
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const implied = call.method === "GET" || (call.method === "POST" && body !== null);
  return [
    `curl${implied ? "" : ` -X ${call.method}`} ${quote(`${origin}/api/v1${callPath(call)}`)}`,
    ...(signIn ? [`-H "Authorization: Bearer $(./minirun token)"`] : []),
    ...(mediaType !== null ? [`-H 'Content-Type: ${mediaType}'`] : []),
    ...(body !== null ? [`-d ${quote(body)}`] : mediaType !== null ? ["--data-binary @FILE"] : []),
  ].join(" \\\n  ");
}
