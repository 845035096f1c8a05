import { CreateLink } from "./create-link.tsx";
import { OpenShellButton } from "./open-shell-button.tsx";

const facts = [
  { title: "Walls made by the kernel", text: "Namespaces, cgroups, seccomp and a filesystem of its own." },
  { title: "Ready in milliseconds", text: "Nothing is downloaded: its files are this machine's, read-only." },
  { title: "Nothing hidden", text: "Every kernel call that made it is shown, with its time." },
];

/** What a person sees who has no container: one click away from a shell in the first. */
export function EmptyBoard() {
  return (
    <section className="relative isolate flex flex-1 flex-col items-center justify-center py-16 text-center">
      <div className="-z-10 absolute inset-0 bg-grid" aria-hidden="true" />
      <GlassBox />
      <h1 className="mt-8 text-balance font-semibold text-3xl tracking-[-0.03em]">Open your first container</h1>
      <p className="mt-3 max-w-md text-pretty text-soft">
        A shell of its own, in this browser, with its own processes, files and network. You can watch how the kernel
        builds it.
      </p>
      <div className="mt-7 flex flex-wrap items-center justify-center gap-2">
        <OpenShellButton size="lg" />
        <CreateLink size="lg" />
      </div>
      <dl className="mt-14 grid max-w-3xl gap-px overflow-hidden rounded-xl border bg-line text-left sm:grid-cols-3">
        {facts.map(({ title, text }) => (
          <div key={title} className="bg-surface px-4 py-3.5">
            <dt className="font-medium text-sm">{title}</dt>
            <dd className="mt-0.5 text-pretty text-faint text-xs">{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The mark at full size: a box of glass, its walls faintly filled. */
function GlassBox() {
  return (
    <svg
      viewBox="0 0 120 128"
      fill="none"
      strokeLinejoin="round"
      strokeLinecap="round"
      className="w-24"
      aria-hidden="true"
    >
      <path d="m60 6 50 29v58l-50 29-50-29V35z" className="fill-surface" />
      <path d="m60 6 50 29-50 29-50-29z" className="fill-accent" opacity=".10" />
      <path d="M10 35v58l50 29V64z" className="fill-accent" opacity=".05" />
      <path
        d="M60 64V8M60 64 12 92M60 64l48 28"
        className="stroke-accent"
        strokeWidth="1.5"
        strokeDasharray="3 5"
        opacity=".7"
      />
      <path d="m60 6 50 29v58l-50 29-50-29V35z" className="stroke-ink" strokeWidth="2.5" />
      <path d="m46 45 21 18-21 18" className="stroke-accent" strokeWidth="6" />
      <path d="M72 84h14" className="animate-pulse-soft stroke-accent" strokeWidth="6" />
    </svg>
  );
}
