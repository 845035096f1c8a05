import { stripControls } from "../container/strip-controls.ts";

/** What the container or one of its processes has named, on one line and without control characters. */
export function oneLine(text: string): string {
  return stripControls(text).replaceAll("\n", " ");
}
