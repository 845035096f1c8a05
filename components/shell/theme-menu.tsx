"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Menu, MenuChoice, MenuChoices } from "../ui/menu.tsx";
import { applyTheme, readTheme, type Theme } from "./theme.ts";

const choices = [
  { theme: "system", label: "System", icon: Monitor },
  { theme: "light", label: "Light", icon: Sun },
  { theme: "dark", label: "Dark", icon: Moon },
] as const;

/** Chooses between light, dark, and what the system says. */
export function ThemeMenu({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const Icon = choices.find((choice) => choice.theme === theme)?.icon ?? Monitor;
  const choose = (value: string) => {
    const next = readTheme(value);
    setTheme(next);
    applyTheme(next);
  };
  return (
    <Menu
      trigger={
        <Button variant="ghost" size="icon" aria-label="Theme">
          <Icon />
        </Button>
      }
    >
      <MenuChoices value={theme} onValueChange={choose}>
        {choices.map((choice) => (
          <MenuChoice key={choice.theme} value={choice.theme}>
            <choice.icon />
            {choice.label}
          </MenuChoice>
        ))}
      </MenuChoices>
    </Menu>
  );
}
