import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "tar-stream";
import { afterEach, beforeEach, expect, it } from "vitest";
import { toWeb } from "../web-streams.ts";
import { packLocal } from "./pack-local.ts";
import { unpackLocal } from "./unpack-local.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "minirun-unpack-"));
  mkdirSync(join(folder, "out"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Entry = {
  name: string;
  type?: "file" | "directory" | "symlink" | "link" | "fifo";
  linkname?: string;
  mode?: number;
};

function archive(...entries: [Entry, string?][]): ReadableStream<Uint8Array> {
  const stream = pack();
  for (const [header, text = ""] of entries) stream.entry(header, text);
  stream.finalize();
  return toWeb(stream as AsyncIterable<Uint8Array>);
}

function unpack(body: ReadableStream<Uint8Array>, name = "copy") {
  const skipped: string[] = [];
  const plan = () => ({ directory: join(folder, "out"), name });
  const onSkipped = (path: string) => void skipped.push(path);
  return unpackLocal(body, { plan, named: true, keepOwners: false, onSkipped }).then((total) => ({ total, skipped }));
}

it("brings back what was packed, under the new name", async () => {
  const source = join(folder, "source");
  mkdirSync(join(source, "sub"), { recursive: true });
  writeFileSync(join(source, "big"), "x".repeat(200_000), { mode: 0o640 });
  writeFileSync(join(source, "sub/empty"), "");
  writeFileSync(join(source, "sub/small"), "small");
  symlinkSync("big", join(source, "link"));
  const content = packLocal(source, "source", { followLinks: false, keepOwners: false, onSkipped() {} });
  const { total } = await unpack(toWeb(content));
  expect(total).toEqual({ entries: 6, bytes: 200_005 });
  expect(readFileSync(join(folder, "out/copy/big"), "utf8")).toHaveLength(200_000);
  expect(lstatSync(join(folder, "out/copy/big")).mode & 0o7777).toBe(0o640);
  expect(readFileSync(join(folder, "out/copy/sub/small"), "utf8")).toBe("small");
  expect(readlinkSync(join(folder, "out/copy/link"))).toBe("big");
});

it("puts contents straight into the destination, and replaces files that are there", async () => {
  writeFileSync(join(folder, "out/a"), "old");
  await unpack(archive([{ name: "top/", type: "directory" }], [{ name: "top/a" }, "new"]), "");
  expect(readFileSync(join(folder, "out/a"), "utf8")).toBe("new");
});

it("does not write through a symbolic link that the archive has made", async () => {
  mkdirSync(join(folder, "host"));
  const hostile = archive(
    [{ name: "top/", type: "directory" }],
    [{ name: "top/dir", type: "symlink", linkname: join(folder, "host") }],
    [{ name: "top/dir/file" }, "escaped"],
  );
  await expect(unpack(hostile)).rejects.toThrow("something else than a directory is there");
  expect(() => lstatSync(join(folder, "host/file"))).toThrow("ENOENT");
});

it("replaces a symbolic link by a file instead of writing where it leads", async () => {
  writeFileSync(join(folder, "host"), "safe");
  await unpack(
    archive(
      [{ name: "top/", type: "directory" }],
      [{ name: "top/a", type: "symlink", linkname: join(folder, "host") }],
      [{ name: "top/a" }, "escaped"],
    ),
  );
  expect(readFileSync(join(folder, "host"), "utf8")).toBe("safe");
  expect(readFileSync(join(folder, "out/copy/a"), "utf8")).toBe("escaped");
});

it("refuses names that lead upwards, and hard links to what is no file of the archive", async () => {
  await expect(unpack(archive([{ name: "top/../../x" }, "escaped"]))).rejects.toThrow("it leads upwards");
  writeFileSync(join(folder, "secret"), "secret");
  const through = archive(
    [{ name: "top/", type: "directory" }],
    [{ name: "top/a", type: "symlink", linkname: join(folder, "secret") }],
    [{ name: "top/b", type: "link", linkname: "top/a" }],
  );
  await expect(unpack(through)).rejects.toThrow("a hard link leads to what is no file");
});

it("leaves pipes out and takes set-user-id away", async () => {
  const { skipped } = await unpack(
    archive(
      [{ name: "top/", type: "directory" }],
      [{ name: "top/p", type: "fifo" }],
      [{ name: "top/su", mode: 0o4755 }, "x"],
    ),
  );
  expect(skipped).toEqual(["top/p"]);
  expect(lstatSync(join(folder, "out/copy/su")).mode & 0o7777).toBe(0o755);
});
