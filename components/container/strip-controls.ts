// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const sequences = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]*[0-~])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const controls = /[\x00-\x08\x0b-\x1f\x7f]/g;

/** Terminal output as plain text: without escape sequences (ECMA-48) and control characters, lines ended by LF. */
export function stripControls(text: string): string {
  return text.replace(sequences, "").replaceAll("\r\n", "\n").replace(controls, "");
}
