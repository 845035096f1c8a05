import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * The value of a cookie that better-auth has signed (better-call's form: percent-encoded, value, dot, HMAC-SHA-256 in
 * base64); null when the signature is another.
 */
export function readSignedCookie(text: string, secret: string): string | null {
  const decoded = decode(text);
  const dot = decoded.lastIndexOf(".");
  if (dot < 1) return null;
  const value = decoded.slice(0, dot);
  const given = Buffer.from(decoded.slice(dot + 1), "base64");
  const expected = createHmac("sha256", secret).update(value).digest();
  return given.length === expected.length && timingSafeEqual(given, expected) ? value : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
