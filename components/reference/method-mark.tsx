import { cn } from "../ui/class-names.ts";

const colors: Record<string, string> = {
  GET: "text-accent",
  POST: "text-ok",
  PUT: "text-warn",
  PATCH: "text-warn",
  DELETE: "text-bad",
};

/** The HTTP method of a call, in its colour. */
export function MethodMark({ method, className }: { method: string; className?: string }) {
  return (
    <span className={cn("w-13 shrink-0 font-medium font-mono text-2xs", colors[method], className)}>{method}</span>
  );
}
