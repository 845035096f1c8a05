/**
 * Text from a container as a terminal may show it: a control character or one that turns the writing direction
 * (Unicode Bidi_Control) becomes U+FFFD, so that a process named after an escape sequence changes nothing.
 */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, "\ufffd");
}

/** Harmless, and cut to a number of characters with an ellipsis at its end. */
export function shorten(text: string, length: number): string {
  const characters = [...harmless(text)];
  return characters.length > length ? `${characters.slice(0, length - 1).join("")}…` : characters.join("");
}
