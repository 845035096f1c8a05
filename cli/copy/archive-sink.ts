/** The writable streams of tar-stream, which are streamx's: Node's pipeline misses when they are full. */
export interface ArchiveSink {
  readonly destroyed: boolean;
  write(piece: Uint8Array): boolean;
  end(): void;
  destroy(error: unknown): void;
  on(event: "drain" | "close", listener: () => void): void;
  off(event: "drain" | "close", listener: () => void): void;
}

/** Writes a piece and waits until more may come. Throws once the stream was destroyed. */
export async function writeTo(sink: ArchiveSink, piece: Uint8Array): Promise<void> {
  if (!sink.destroyed && !sink.write(piece)) {
    await new Promise<void>((resolve) => {
      const go = () => {
        sink.off("drain", go);
        sink.off("close", go);
        resolve();
      };
      sink.on("drain", go);
      sink.on("close", go);
    });
  }
  if (sink.destroyed) throw new Error("the archive was broken off");
}
