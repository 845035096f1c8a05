import {
  ArchiveResult,
  DeleteFileQuery,
  DownloadQuery,
  FileChange,
  FileEntry,
  FileListing,
  FileQuery,
  UploadQuery,
} from "../file.ts";
import type { Route } from "./route.ts";

/** Files of containers. */
export const fileRoutes = {
  listFiles: {
    method: "GET",
    path: "/containers/{name}/files",
    role: "operator",
    summary: "Show a file, or a directory and what is in it",
    query: FileQuery,
    success: { status: 200, schema: FileListing },
  },
  changeFile: {
    method: "POST",
    path: "/containers/{name}/files",
    role: "operator",
    summary: "Make a directory, or move a file or directory",
    body: FileChange,
    success: { status: 200, schema: FileEntry },
  },
  deleteFile: {
    method: "DELETE",
    path: "/containers/{name}/files",
    role: "operator",
    summary: "Delete a file, or a directory; one that is not empty only with recursive",
    query: DeleteFileQuery,
    success: { status: 204 },
  },
  readFile: {
    method: "GET",
    path: "/containers/{name}/files/content",
    role: "operator",
    summary: "Read a file",
    query: DownloadQuery,
    success: { status: 200, stream: "application/octet-stream" },
  },
  writeFile: {
    method: "PUT",
    path: "/containers/{name}/files/content",
    role: "operator",
    summary: "Write a file whole",
    query: UploadQuery,
    upload: "application/octet-stream",
    success: { status: 200, schema: FileEntry },
  },
  readArchive: {
    method: "GET",
    path: "/containers/{name}/files/archive",
    role: "operator",
    summary: "Read a file or a directory as a tar archive",
    query: FileQuery,
    success: { status: 200, stream: "application/x-tar" },
  },
  writeArchive: {
    method: "PUT",
    path: "/containers/{name}/files/archive",
    role: "operator",
    summary: "Unpack a tar archive into a directory",
    query: FileQuery,
    upload: "application/x-tar",
    success: { status: 200, schema: ArchiveResult },
  },
} as const satisfies Record<string, Route>;
