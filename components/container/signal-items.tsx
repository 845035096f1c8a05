import { MenuItem } from "../ui/menu.tsx";
import { type Signal, signals } from "./signals.ts";

/** Entries of a menu that send a signal. */
export function SignalItems({ onSignal }: { onSignal: (signal: Signal) => void }) {
  return signals.map(({ name, meaning }) => (
    <MenuItem key={name} danger={name === "SIGKILL"} onClick={() => onSignal(name)}>
      <span className="w-20 font-mono text-xs">{name}</span>
      <span className="text-faint text-xs">{meaning}</span>
    </MenuItem>
  ));
}
