import type { Role } from "@/lib/contract/principal.ts";

/** What each role may do, in a sentence. */
export const roleTexts: Record<Role, string> = {
  viewer: "Sees containers, output and statistics; no files and no terminals.",
  operator: "Makes and changes containers, and uses their terminals and files.",
  administrator: "Does everything, and decides who may do what.",
};
