"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { applyTheme, type Theme } from "./theme.ts";

const looks = {
  system: { icon: Monitor, next: "light" },
  light: { icon: Sun, next: "dark" },
  dark: { icon: Moon, next: "system" },
} as const;

/** Goes from the system's theme to light, to dark, and back. */
export function ThemeButton({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const { icon: Icon, next } = looks[theme];
  const change = () => {
    setTheme(next);
    applyTheme(next);
  };
  const label = `Theme: ${theme}`;
  return (
    <Button variant="ghost" size="icon" aria-label={label} title={label} onClick={change}>
      <Icon />
    </Button>
  );
}
