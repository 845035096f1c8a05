export const themeCookieName = "minirun_theme";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** The theme that a cookie's value names; the system's when it names none. */
export function readTheme(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? "system";
}

const oneYear = 365 * 24 * 60 * 60;

export const themeEvent = "minirun:theme";

/** Shows the document in a theme and remembers it for the next page. */
export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: CookieStore is not in every browser yet
  document.cookie = `${themeCookieName}=${theme}; Path=/; SameSite=Strict; Max-Age=${oneYear}`;
  window.dispatchEvent(new CustomEvent<Theme>(themeEvent, { detail: theme }));
}
