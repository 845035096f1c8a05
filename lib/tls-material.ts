import { createPrivateKey, X509Certificate } from "node:crypto";
import * as z from "zod";

/** What the supervisor, which may read the files, tells the web process, which may not: one JSON object a line. */
export const TlsMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("pair"), certificate: z.string(), key: z.string() }),
  /** The files do not fit; what was told before stays. */
  z.object({ type: z.literal("refused"), reason: z.string() }),
]);
export type TlsMessage = z.infer<typeof TlsMessage>;
export type TlsPair = Extract<TlsMessage, { type: "pair" }>;

/** What people want to know of a certificate. */
export interface CertificateFacts {
  /** DNS names and addresses that it was made for. */
  names: string[];
  expiresAt: Date;
}

/** Reads a certificate (PEM, the server's own first). Throws an Error in words that go to people. */
export function readCertificate(pem: string): CertificateFacts {
  const certificate = parseCertificate(pem);
  const names = (certificate.subjectAltName ?? "")
    .split(", ")
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1]?.toLowerCase() ?? []);
  return { names, expiresAt: new Date(certificate.validTo) };
}

/** Throws an Error that says why, unless both can be read and the key is the certificate's. */
export function requireFittingPair({ certificate, key }: Pick<TlsPair, "certificate" | "key">): void {
  const parsed = parseCertificate(certificate);
  let privateKey: ReturnType<typeof createPrivateKey>;
  try {
    privateKey = createPrivateKey(key);
  } catch {
    throw new Error("the key is no private key in PEM, or has a passphrase");
  }
  if (!parsed.checkPrivateKey(privateKey)) throw new Error("the key does not fit the certificate");
}

function parseCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new Error("the certificate is no X.509 certificate in PEM");
  }
}
