"use client";

import { FolderX } from "lucide-react";
import type { Container } from "@/lib/contract/container.ts";
import { ProblemNotice } from "../container/problem-notice.tsx";
import { useAddress } from "../container/use-address.ts";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { RowsSkeleton } from "../ui/skeleton.tsx";
import { DirectoryView } from "./directory-view.tsx";
import { FileView } from "./file-view.tsx";
import { PathBar } from "./path-bar.tsx";
import { parentOf, resolvePath } from "./paths.ts";
import { UploadsPanel } from "./uploads-panel.tsx";
import { useDraft } from "./use-draft.ts";
import { useListing } from "./use-listing.ts";

/** The files of a container, whether it runs or not: the path that is shown stands in the address. */
export function FilesView({ container }: { container: Container }) {
  const { address, go } = useAddress();
  const path = resolvePath("/", address.get("path") ?? "/");
  const draft = useDraft(container.id, path);
  const { listing, problem, loading, reload } = useListing(container, path, draft !== null);
  const directory = draft === null && listing?.entry.type === "directory" ? listing : null;
  const file = draft?.entry ?? (directory ? null : listing?.entry);
  const open = (to: string) => (to === path ? reload() : go({ tab: "files", path: to === "/" ? null : to }));
  return (
    <section aria-label="Files" aria-busy={loading && !draft}>
      <PathBar path={path} onOpen={open} />
      <UploadsPanel containerId={container.id} onDone={reload} />
      {problem && !draft && problem.code !== "file-not-found" && <ProblemNotice problem={problem} onRetry={reload} />}
      {!draft && problem?.code === "file-not-found" && (
        <EmptyState
          icon={<FolderX />}
          title="There is no such file"
          action={<Button onClick={() => open(parentOf(path))}>Go up</Button>}
        >
          <span className="break-all font-mono">{path}</span> was deleted or never there.
        </EmptyState>
      )}
      {!directory && !file && !problem && <Loading />}
      <div className={cn("transition-opacity", loading && !draft && "opacity-60")}>
        {directory && (
          <DirectoryView
            key={directory.entry.path}
            container={container}
            path={directory.entry.path}
            listing={directory}
            onOpen={open}
            onChanged={reload}
          />
        )}
        {file && (
          <FileView
            key={file.path}
            container={container}
            entry={file}
            writable={listing?.writable ?? true}
            draft={draft}
            onOpen={open}
          />
        )}
      </div>
    </section>
  );
}

function Loading() {
  return <RowsSkeleton label="Loading the files" rows={8} />;
}
