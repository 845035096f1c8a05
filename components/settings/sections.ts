/** The pages of the settings, in the order of their tabs. */
export const sections = [
  { href: "/settings/account", label: "Account" },
  { href: "/settings/people", label: "People" },
  { href: "/settings/tokens", label: "API tokens" },
] as const;
