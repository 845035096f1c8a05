import { cn } from "./class-names.ts";

/** A key, or keys one after another: `g o` shows two. `mod` is Ctrl, or Command on a Mac. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <span className={cn("inline-flex items-center gap-1", className)}>
      {keys.split(" ").map((key) => (
        <kbd
          key={key}
          className="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border border-b-2 bg-surface px-1 font-sans text-2xs text-soft"
        >
          {names[key] ?? key}
        </kbd>
      ))}
    </span>
  );
}

const names: Record<string, string> = {
  "mod+k": "Ctrl K",
  Escape: "Esc",
  Enter: "↵",
  ArrowDown: "↓",
  ArrowUp: "↑",
};
