import * as z from "zod";

/** What a container can be made from. `path` is null for `host`. */
export const ImageInfo = z
  .object({
    name: z.string().describe("what to send as `image`"),
    kind: z.enum(["host", "directory", "archive"]),
    sizeBytes: z.number().nullable(),
    modifiedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "ImageInfo" });
export type ImageInfo = z.infer<typeof ImageInfo>;

/** `binds` are the host paths at or below which binds may begin. */
export const ImageList = z
  .object({ items: z.array(ImageInfo), binds: z.array(z.object({ path: z.string(), readOnly: z.boolean() })) })
  .meta({ id: "ImageList" });
export type ImageList = z.infer<typeof ImageList>;
