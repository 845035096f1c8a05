import { ClipboardPaste } from "lucide-react";
import type { PointerEvent, ReactNode } from "react";
import { cn } from "../ui/class-names.ts";
import type { Pane } from "./pane.ts";
import { type Modifiers, nextSticky, type Sticky, touchKeys } from "./touch-keys.ts";

const look =
  "flex h-10 min-w-10 shrink-0 select-none items-center justify-center rounded-md px-2.5 font-medium text-xs text-soft active:bg-hover [&_svg]:size-4";

/** The keys that a touch keyboard lacks. A tap on Ctrl or Alt holds for the next key, a second one until the third. */
export function KeyRow({ pane, modifiers }: { pane: Pane; modifiers: Modifiers }) {
  const stick = (name: keyof Modifiers) => pane.setModifiers({ ...modifiers, [name]: nextSticky(modifiers[name]) });
  const pasteHere = async () => pane.paste(await navigator.clipboard.readText());
  const [escapeKey, tabKey, ...others] = touchKeys;
  const button = (key: (typeof touchKeys)[number]) => (
    <Key key={key.name} label={key.name} onPress={() => pane.press(key)}>
      {key.label}
    </Key>
  );
  return (
    <div
      role="toolbar"
      aria-label="Keys"
      className="hidden shrink-0 gap-0.5 overflow-x-auto border-t bg-surface p-1 [scrollbar-width:none] any-pointer-coarse:flex"
    >
      {button(escapeKey)}
      {button(tabKey)}
      <StickyKey label="Ctrl" sticky={modifiers.ctrl} onPress={() => stick("ctrl")} />
      <StickyKey label="Alt" sticky={modifiers.alt} onPress={() => stick("alt")} />
      {others.map(button)}
      {typeof navigator !== "undefined" && navigator.clipboard && (
        <Key label="Paste" onPress={() => void pasteHere().catch(() => {})}>
          <ClipboardPaste />
        </Key>
      )}
    </div>
  );
}

function StickyKey({ label, sticky, onPress }: { label: string; sticky: Sticky; onPress: () => void }) {
  return (
    <Key
      label={sticky === "locked" ? `${label}, locked` : label}
      pressed={sticky !== "off"}
      className={cn(
        sticky !== "off" && "bg-accent-soft text-accent",
        sticky === "locked" && "underline underline-offset-4",
      )}
      onPress={onPress}
    >
      {label}
    </Key>
  );
}

interface KeyProps {
  label: string;
  pressed?: boolean;
  className?: string;
  onPress: () => void;
  children: ReactNode;
}

/** The terminal keeps the focus, and the touch keyboard stays. */
function Key({ label, pressed, className, onPress, children }: KeyProps) {
  const keepFocus = (event: PointerEvent) => event.preventDefault();
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={pressed}
      className={cn(look, className)}
      onPointerDown={keepFocus}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
