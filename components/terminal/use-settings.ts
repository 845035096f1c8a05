"use client";

import { useSyncExternalStore } from "react";
import { type Settings, terminalSettings } from "./settings.ts";

/** The terminals' settings as they change. */
export function useSettings(): Settings {
  return useSyncExternalStore(terminalSettings.subscribe, terminalSettings.get, terminalSettings.get);
}
