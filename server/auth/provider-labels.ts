import type { Config } from "../../lib/config.ts";
import type { ProviderName } from "../../lib/contract/person.ts";

/** A way to sign in beside the password, as the sign-in page names it. */
export interface ProviderLabel {
  id: ProviderName;
  name: string;
}

/** The providers that the settings name. */
export function providerLabels({ signIn: { oidc, github } }: Pick<Config, "signIn">): ProviderLabel[] {
  return [
    ...(oidc ? [{ id: "oidc" as const, name: oidc.name }] : []),
    ...(github ? [{ id: "github" as const, name: "GitHub" }] : []),
  ];
}
