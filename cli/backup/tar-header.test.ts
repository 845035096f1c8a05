import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { decodeHeader, encodeHeader } from "./tar-header.ts";

const time = new Date("2026-11-29T08:00:00Z");

describe("a header", () => {
  it.each([0, 1, 511, 8 * 1024 ** 3 - 1, 8 * 1024 ** 3, 5 * 1024 ** 4])("tells a size of %d again", (size) => {
    const header = encodeHeader({ name: "containers/a.tar", size }, time);
    expect(decodeHeader(header)).toEqual({ name: "containers/a.tar", size });
  });

  it("is one that tar reads", () => {
    const content = Buffer.alloc(512);
    content.write("hello");
    const archive = Buffer.concat([
      encodeHeader({ name: "database/nodes.jsonl", size: 5 }, time),
      content,
      Buffer.alloc(1024),
    ]);
    const listing = execFileSync("tar", ["-tvf", "-", "--numeric-owner", "--utc"], {
      input: archive,
      encoding: "utf8",
    });
    expect(listing).toMatch(/^-rw------- 0\/0 +5 2026-11-29 08:00 database\/nodes\.jsonl\n$/);
  });

  it("that somebody has changed is refused", () => {
    const header = encodeHeader({ name: "state.tar", size: 10 }, time);
    header[0] = 0x78;
    expect(() => decodeHeader(header)).toThrow("checksum");
  });

  it("is null where an archive ends", () => {
    expect(decodeHeader(Buffer.alloc(512))).toBeNull();
  });
});
