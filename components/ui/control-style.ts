/** How every control that holds a value looks. */
export const controlStyle =
  "h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-sm text-ink shadow-card outline-none transition-[border-color,box-shadow] placeholder:text-faint hover:border-faint/60 focus:border-accent focus:ring-3 focus:ring-accent/20 data-invalid:border-bad data-invalid:focus:ring-bad/20 any-pointer-coarse:h-10 any-pointer-coarse:text-base";
