"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "../ui/button.tsx";
import { applyTheme, type Theme, themeEvent } from "./theme.ts";

const looks = {
  system: { icon: Monitor, next: "light" },
  light: { icon: Sun, next: "dark" },
  dark: { icon: Moon, next: "system" },
} as const;

/** Goes from the system's theme to light, to dark, and back. */
export function ThemeButton({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const { icon: Icon, next } = looks[theme];
  useEffect(() => {
    const onTheme = (event: Event) => setTheme((event as CustomEvent<Theme>).detail);
    window.addEventListener(themeEvent, onTheme);
    return () => window.removeEventListener(themeEvent, onTheme);
  }, []);
  const label = `Theme: ${theme}`;
  return (
    <Button variant="ghost" size="icon" aria-label={label} title={label} onClick={() => applyTheme(next)}>
      <Icon />
    </Button>
  );
}
