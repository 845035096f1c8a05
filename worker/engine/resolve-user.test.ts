import { describe, expect, it } from "vitest";
import { resolveUser } from "./resolve-user.ts";

const files: Record<string, string> = {
  "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\nweb:x:33:34::/srv/www:/bin/sh\nodd:x:-1:7\nhuge:x:4294967295:0::/:\n",
  "/etc/group": "root:x:0:\nwww:x:34:\nmedia:x:50:nobody,web\naudio:x:51:web\nweb:x:52:other\n",
};
const resolve = (text: string) => resolveUser(async (path) => files[path] ?? null, text);

describe("resolveUser", () => {
  it.each([
    ["root", { uid: 0, gid: 0, additionalGids: [], home: "/root" }],
    ["web", { uid: 33, gid: 34, additionalGids: [50, 51], home: "/srv/www" }],
    ["33", { uid: 33, gid: 34, additionalGids: [50, 51], home: "/srv/www" }],
    ["1234", { uid: 1234, gid: 0, additionalGids: [], home: null }],
    ["web:media", { uid: 33, gid: 50, additionalGids: [], home: "/srv/www" }],
    ["1234:99", { uid: 1234, gid: 99, additionalGids: [], home: null }],
  ])("knows %s", async (text, user) => {
    expect(await resolve(text)).toEqual(user);
  });

  it.each(["nobody", "odd", "huge", "web:nogroup", "4294967295"])("does not know %s", async (text) => {
    await expect(resolve(text)).rejects.toMatchObject({ problem: { code: "user-not-found" } });
  });

  it("knows root, and numbers, in an image without the files", async () => {
    const nothing = async () => null;
    expect(await resolveUser(nothing, "root")).toMatchObject({ uid: 0, gid: 0 });
    expect(await resolveUser(nothing, "7:8")).toMatchObject({ uid: 7, gid: 8 });
  });
});
