import { Writable } from "node:stream";
import { expect, it } from "vitest";
import { printMerged, printPieces } from "./log-printer.ts";
import { styleFor } from "./style.ts";

function collector() {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => written.join("") };
}

const time = "2026-01-02T00:00:00.000Z";
const record = (text: string, stream: "stdout" | "stderr" = "stdout", container?: string) => ({
  offset: 0,
  next: 0,
  time,
  stream,
  text,
  ...(container !== undefined && { container }),
});

it("stamps each line once, however many pieces it comes in, and keeps the streams apart", async () => {
  const [stdout, stderr] = [collector(), collector()];
  const printer = printPieces({ stdout: stdout.stream, stderr: stderr.stream }, true);
  for (const each of [record("one "), record("oops\n", "stderr"), record("line\n"), record("two\n")])
    await printer.print(each);
  expect(stdout.text()).toBe(`${time} one line\n${time} two\n`);
  expect(stderr.text()).toBe(`${time} oops\n`);
});

it("puts the name in front of whole lines alone, so that two containers never share one", async () => {
  const [stdout, stderr] = [collector(), collector()];
  const style = styleFor({ isTTY: false });
  const printer = printMerged({ stdout: stdout.stream, stderr: stderr.stream }, ["web", "database"], {
    timestamps: false,
    style,
  });
  await printer.print(record("half ", "stdout", "web"));
  await printer.print(record("whole\n", "stdout", "database"));
  await printer.print(record("done\n", "stdout", "web"));
  await printer.print(record("prompt$ ", "stderr", "web"));
  await printer.end();
  expect(stdout.text()).toBe("database | whole\nweb      | half done\n");
  expect(stderr.text()).toBe("web      | prompt$ \n");
});
