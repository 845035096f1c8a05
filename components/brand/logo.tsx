/** The mark: a container of glass, its far edges showing through, with a prompt inside. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 32 32"
      fill="none"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={className}
      aria-hidden="true"
    >
      <path
        d="M16 16.2V4M16 16.2 5.6 22.3M16 16.2l10.4 6.1"
        className="stroke-accent"
        strokeWidth="1.6"
        opacity=".38"
      />
      <path d="m16 3.2 11.2 6.4v12.8L16 28.8 4.8 22.4V9.6z" className="stroke-ink" strokeWidth="1.9" />
      <path d="m12.4 11.6 5.4 4.5-5.4 4.5" className="stroke-accent" strokeWidth="2.7" />
    </svg>
  );
}
