"use client";

import { useEffect, useMemo, useState } from "react";
import { formatBytes } from "../format.ts";
import { hexRow, linesOf } from "./content.ts";
import { VirtualLines } from "./virtual-lines.tsx";

/** A text with the numbers of its lines. */
export function TextView({ name, text }: { name: string; text: string }) {
  const lines = useMemo(() => linesOf(text), [text]);
  const columns = useMemo(() => lines.reduce((most, line) => Math.max(most, line.length), 0), [lines]);
  const digits = String(lines.length).length;
  if (lines.length === 0) return <Empty />;
  return (
    <VirtualLines
      label={`Text of ${name}`}
      count={lines.length}
      columns={columns}
      line={(index) => (
        <>
          <span
            aria-hidden="true"
            className="sticky left-0 shrink-0 select-none bg-terminal pr-4 pl-3 text-right text-faint tabular-nums"
            style={{ minWidth: `calc(${digits}ch + 1.75rem)` }}
          >
            {index + 1}
          </span>
          <span className="[tab-size:8]">{lines[index]}</span>
        </>
      )}
    />
  );
}

/** Bytes as a hex dump, 16 a line. */
export function HexView({ name, bytes }: { name: string; bytes: Uint8Array }) {
  if (bytes.length === 0) return <Empty />;
  return (
    <VirtualLines
      label={`Bytes of ${name}`}
      count={Math.ceil(bytes.length / 16)}
      columns={80}
      line={(index) => {
        const { offset, hex, text } = hexRow(bytes, index);
        return (
          <>
            <span className="select-none px-3 text-faint">{offset}</span>
            <span className="pr-4">{hex}</span>
            <span className="text-soft">{text}</span>
          </>
        );
      }}
    />
  );
}

/** A picture, on squares that show where it is transparent. */
export function ImageView({ name, blob }: { name: string; blob: Blob }) {
  const [address, setAddress] = useState<string | null>(null);
  const [size, setSize] = useState("");
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  if (broken)
    return (
      <p className="px-6 py-16 text-center text-soft text-sm">
        This picture cannot be read. Download it to look closer.
      </p>
    );
  return (
    <figure className="flex min-h-80 flex-col items-center justify-center gap-3 bg-sunken p-6">
      {address && (
        // biome-ignore lint/performance/noImgElement: a blob of this page, nothing that a server could make smaller
        <img
          src={address}
          alt={name}
          className="bg-squares max-h-[calc(100dvh-24rem)] max-w-full rounded-md object-contain shadow-card"
          onLoad={({ currentTarget }) => setSize(`${currentTarget.naturalWidth} × ${currentTarget.naturalHeight}`)}
          onError={() => setBroken(true)}
        />
      )}
      <figcaption className="text-faint text-xs tabular-nums">
        {size}
        {size && ", "}
        {formatBytes(blob.size)}
      </figcaption>
    </figure>
  );
}

function Empty() {
  return <p className="px-6 py-16 text-center text-faint text-sm">It is empty.</p>;
}
