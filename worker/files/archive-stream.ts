/** The writable streams of tar-stream, which are streamx's and not Node's. */
export interface ArchiveStream {
  readonly destroyed: boolean;
  write(piece: Uint8Array): boolean;
  end(nothing: null): unknown;
  on(event: "drain" | "close", listener: () => void): unknown;
  off(event: "drain" | "close", listener: () => void): unknown;
}

/** Writes a piece and waits until more may come. Throws once the stream was destroyed. */
export async function writeTo(stream: ArchiveStream, piece: Uint8Array): Promise<void> {
  if (!stream.destroyed && !stream.write(piece)) {
    await new Promise<void>((resolve) => {
      const go = () => {
        stream.off("drain", go);
        stream.off("close", go);
        resolve();
      };
      stream.on("drain", go);
      stream.on("close", go);
    });
  }
  if (stream.destroyed) throw new Error("the archive was broken off");
}
