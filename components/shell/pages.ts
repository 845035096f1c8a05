/** The sections of the product, as the header and the palette name them; `keys` go there from anywhere. */
export const pages = [
  { href: "/", label: "Overview", keys: "g o" },
  { href: "/containers", label: "Containers", keys: "g c" },
  { href: "/statistics", label: "Statistics", keys: "g s" },
  { href: "/labs", label: "Labs", keys: "g l" },
  { href: "/audit", label: "Audit", keys: "g u" },
  { href: "/health", label: "System", keys: "g h" },
  { href: "/settings", label: "Settings", keys: "g e" },
  { href: "/reference", label: "API", keys: "g a" },
] as const;
