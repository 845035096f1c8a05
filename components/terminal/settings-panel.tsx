"use client";

import { Minus, Plus, RotateCcw } from "lucide-react";
import { useId } from "react";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { Kbd } from "../ui/kbd.tsx";
import { Select } from "../ui/select.tsx";
import { Switch } from "../ui/switch.tsx";
import { type SchemeName, schemeNames, schemes } from "./schemes.ts";
import { cellWidth, changeSize, fontSizeOf, type Settings, terminalSettings } from "./settings.ts";
import { shortcutHelp } from "./shortcuts.ts";
import { useSettings } from "./use-settings.ts";

const cursors = [
  { value: "bar", label: "Bar" },
  { value: "block", label: "Block" },
  { value: "underline", label: "Underline" },
] as const;
const scrollbacks = [1_000, 10_000, 50_000, 100_000].map((lines) => ({
  value: String(lines),
  label: `${lines.toLocaleString("en-US")} lines`,
}));

/** How terminals look and behave in this browser. */
export function SettingsPanel() {
  const settings = useSettings();
  const change = (part: Partial<Settings>) => terminalSettings.change(part);
  const id = useId();
  return (
    <div className="flex flex-col gap-4 overflow-y-auto p-4 text-sm">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot lay its legend out in a row */}
      <div role="group" aria-label="Text size" className="flex items-center justify-between gap-4">
        <span className="font-medium">Text size</span>
        <span className="flex items-center gap-1">
          <Button
            size="icon"
            variant="ghost"
            aria-label="As fits the window"
            disabled={settings.cellWidth === null}
            onClick={() => changeSize(0)}
          >
            <RotateCcw />
          </Button>
          <Button size="icon" aria-label="Smaller" onClick={() => changeSize(-1)}>
            <Minus />
          </Button>
          <output className="w-12 text-center tabular-nums">{Math.round(fontSizeOf(cellWidth(settings)))} px</output>
          <Button size="icon" aria-label="Larger" onClick={() => changeSize(1)}>
            <Plus />
          </Button>
        </span>
      </div>
      <Schemes chosen={settings.scheme} onChoose={(scheme) => change({ scheme })} />
      <div className="grid grid-cols-2 gap-3">
        <div>
          <label htmlFor={`${id}-cursor`} className="mb-1.5 block font-medium">
            Cursor
          </label>
          <Select
            id={`${id}-cursor`}
            items={cursors}
            value={settings.cursorStyle}
            onValueChange={(cursorStyle) => change({ cursorStyle })}
          />
        </div>
        <div>
          <label htmlFor={`${id}-lines`} className="mb-1.5 block font-medium">
            Scroll back
          </label>
          <Select
            id={`${id}-lines`}
            items={scrollbacks}
            value={String(settings.scrollback)}
            onValueChange={(lines) => change({ scrollback: Number(lines) })}
          />
        </div>
      </div>
      <Switch
        label="Cursor blinks"
        hint="Never where the system asks for less motion."
        checked={settings.cursorBlink}
        onCheckedChange={(cursorBlink) => change({ cursorBlink })}
      />
      <Switch
        label="Copy what is selected"
        hint="At once, without Ctrl-Shift-C."
        checked={settings.copyOnSelect}
        onCheckedChange={(copyOnSelect) => change({ copyOnSelect })}
      />
      <Switch
        label="Ask before pasting lines"
        hint="Where each would be run as a command."
        checked={settings.askBeforeLines}
        onCheckedChange={(askBeforeLines) => change({ askBeforeLines })}
      />
      <details className="-mx-4 -mb-4 border-t">
        <summary className="cursor-pointer px-4 py-2.5 font-medium">Keys</summary>
        <ul className="grid gap-1.5 px-4 pb-4">
          {shortcutHelp.map(({ keys, does }) => (
            <li key={does} className="flex items-center justify-between gap-4 text-soft text-xs">
              {does}
              <Kbd keys={keys} className="shrink-0" />
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

function Schemes({ chosen, onChoose }: { chosen: SchemeName; onChoose: (name: SchemeName) => void }) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium">Colours</legend>
      <div className="grid grid-cols-2 gap-1.5">
        {schemeNames.map((name) => (
          <label
            key={name}
            className={cn(
              "flex h-9 cursor-pointer items-center gap-2 rounded-md border px-2.5 text-xs transition-colors hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-accent any-pointer-coarse:h-10",
              name === chosen && "border-accent bg-accent-soft",
            )}
          >
            <input
              type="radio"
              name="scheme"
              className="sr-only"
              checked={name === chosen}
              onChange={() => onChoose(name)}
            />
            <Swatch name={name} />
            <span className="truncate">{name === "page" ? "Like the page" : schemes[name].label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Swatch({ name }: { name: SchemeName }) {
  const [background, ...colors] =
    name === "page"
      ? ["var(--terminal-background)", "var(--terminal-red)", "var(--terminal-green)", "var(--terminal-blue)"]
      : [schemes[name].base[0], ...[1, 2, 4].map((index) => schemes[name].ansi[index] ?? "")];
  return (
    <span
      className="flex h-4 shrink-0 items-center gap-0.5 rounded-sm border px-1"
      style={{ background }}
      aria-hidden="true"
    >
      {colors.map((color) => (
        <span key={color} className="size-1.5 rounded-full" style={{ background: color }} />
      ))}
    </span>
  );
}
