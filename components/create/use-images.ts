"use client";

import { useEffect, useState } from "react";
import type { ImageList } from "@/lib/contract/image.ts";
import { api } from "../api.ts";

/** The images and host paths that root's configuration allows; null while that is not known. */
export function useImages(): ImageList | null {
  const [images, setImages] = useState<ImageList | null>(null);
  useEffect(() => {
    let current = true;
    api.call("listImages").then(
      (list) => current && setImages(list),
      () => {},
    );
    return () => {
      current = false;
    };
  }, []);
  return images;
}
