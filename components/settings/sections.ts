/** The pages of the settings, in the order of their tabs. */
export const sections = [{ href: "/settings/tokens", label: "API tokens" }] as const;
