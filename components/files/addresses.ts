/** Where a file's bytes are, to be downloaded. */
export function contentAddress(id: string, path: string): string {
  return `/api/v1/containers/${id}/files/content?${new URLSearchParams({ path, download: "true" })}`;
}

/** Where a file or directory is as a tar archive. */
export function archiveAddress(id: string, path: string): string {
  return `/api/v1/containers/${id}/files/archive?${new URLSearchParams({ path })}`;
}
