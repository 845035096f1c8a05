import { createContext, type ReactNode, useContext } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { isTracedSetting, settingOf, type TracedSetting, tracedSettings } from "@/lib/contract/trace-settings.ts";
import { formatCount } from "../format.ts";
import { useAddress } from "./use-address.ts";
import type { TraceState } from "./use-trace.ts";

interface Traced {
  /** How many steps of the last start carried out each setting. */
  steps: ReadonlyMap<TracedSetting, number>;
  /** The setting that somebody comes from a step to see. */
  wanted: TracedSetting | null;
}

const Context = createContext<Traced>({ steps: new Map(), wanted: null });
export const useTracedSettings = () => useContext(Context);

/** Tells the settings below it which steps of the last start carried them out. */
export function TracedSettings({
  trace,
  container,
  children,
}: {
  trace: TraceState;
  container: Container;
  children: ReactNode;
}) {
  const { address } = useAddress();
  const steps = new Map<TracedSetting, number>();
  for (const step of trace.kind === "there" ? trace.trace.steps : []) {
    const setting = settingOf(step, container.binds);
    if (setting) steps.set(setting, (steps.get(setting) ?? 0) + 1);
  }
  const wanted = address.get("setting");
  return <Context value={{ steps, wanted: isTracedSetting(wanted) ? wanted : null }}>{children}</Context>;
}

/** The way from a setting to its steps in the timeline; nothing where the last start had none. */
export function ShowSteps({ setting }: { setting: TracedSetting }) {
  const { steps } = useTracedSettings();
  const { go } = useAddress();
  const count = steps.get(setting);
  if (!count) return null;
  return (
    <button
      type="button"
      onClick={() => go({ tab: "trace", setting })}
      aria-label={`Show what carried out ${tracedSettings[setting]}: ${formatCount(count, "step")}`}
      className="ml-auto shrink-0 whitespace-nowrap rounded px-1 text-faint text-xs hover:bg-hover hover:text-accent any-pointer-coarse:min-h-10"
    >
      {formatCount(count, "step")} →
    </button>
  );
}
