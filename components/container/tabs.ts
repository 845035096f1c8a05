export const tabs = [
  { id: "terminal", label: "Terminal" },
  { id: "trace", label: "Trace" },
  { id: "logs", label: "Logs" },
  { id: "configuration", label: "Configuration" },
] as const;

export type Tab = (typeof tabs)[number]["id"];

/** The tab that a `tab` parameter names; the terminal when it names none. */
export function readTab(value: unknown): Tab {
  return tabs.find(({ id }) => id === value)?.id ?? "terminal";
}
