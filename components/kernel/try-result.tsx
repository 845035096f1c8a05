import { Prose } from "../ui/prose.tsx";
import type { Trial } from "./use-try.ts";

/** What came of the call that was tried last; its place is kept, so that nothing jumps. */
export function TryResult({ trial: { result, problem, pending } }: { trial: Trial }) {
  return (
    <div role="status" aria-label="Result of the call" className="min-h-11 border-y bg-sunken px-4 py-2 text-xs">
      {problem && (
        <p className="text-pretty text-bad">
          {problem.title}: <Prose>{problem.detail}</Prose>
        </p>
      )}
      {!problem && !result && (
        <p className="text-pretty text-faint">
          {pending === null
            ? "Try a refused call: it is made in a scratch container with this very filter, which is gone at once."
            : `Calling ${pending} in a scratch container …`}
        </p>
      )}
      {result && !problem && (
        <p>
          <code className="font-mono">
            {result.call}() ={" "}
            <span className="font-medium text-bad">
              {result.signal ?? `${result.returned}${result.errno ? ` ${result.errno}` : ""}`}
            </span>
          </code>
          <span className="text-soft">
            {" "}
            {result.signal ? "The filter killed the process." : (result.meaning ?? "It was let through.")}
          </span>
          <span className="block text-2xs text-faint">
            in a scratch container with the same filter, made and gone in {Math.round(result.milliseconds)} ms
          </span>
        </p>
      )}
    </div>
  );
}
