import { Trash2 } from "lucide-react";
import Link from "next/link";
import { buttonStyle } from "../ui/button.tsx";

/** Says that what is still on the page is all that is left. */
export function DeletedNotice({ name }: { name: string }) {
  return (
    <div role="alert" className="mt-4 flex animate-rise items-center gap-3 rounded-xl border bg-sunken p-4 text-sm">
      <Trash2 className="size-4 shrink-0 text-faint" aria-hidden="true" />
      <p className="min-w-0 flex-1 text-soft">
        <span className="font-medium text-ink">{name} was deleted.</span> This page keeps what it showed, and nothing
        here changes any more.
      </p>
      <Link href="/containers" className={buttonStyle({ size: "sm" })}>
        Show containers
      </Link>
    </div>
  );
}
