/**
 * A line as RFC 4180 has it, with its end; null is an empty field. What a spreadsheet would take for a formula gets an
 * apostrophe in front, which it shows as text (OWASP, "CSV Injection"): the cells are other people's words.
 */
export function csvCells(fields: readonly (string | null)[]): string {
  return `${fields.map((field) => quote(harmless(field ?? ""))).join(",")}\r\n`;
}

/** Spreadsheets pass over white space before a formula, and know full-width signs. */
function harmless(field: string): string {
  return /^[\s\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(field) ? `'${field}` : field;
}

function quote(field: string): string {
  return /[",\r\n']/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
