/** A sentence in which what stands between backquotes is code. */
export function Prose({ children }: { children: string }) {
  return children.split("`").map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never change their order
      <code key={index} className="whitespace-nowrap rounded-sm bg-hover px-1 py-px font-mono text-[0.92em] text-ink">
        {part}
      </code>
    ),
  );
}
