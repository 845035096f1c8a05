/** Prints a value as indented JSON on standard output. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}
