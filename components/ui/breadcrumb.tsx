import { ChevronRight } from "lucide-react";
import Link from "next/link";

interface Props {
  /** The pages above, the highest first. */
  above: readonly { href: string; label: string }[];
  /** What this page is. */
  here: string;
}

/** Where a page stands below others, and the way up. */
export function Breadcrumb({ above, here }: Props) {
  return (
    <nav aria-label="Breadcrumb" className="flex items-center gap-1 text-faint text-xs">
      {above.map(({ href, label }) => (
        <span key={href} className="flex min-w-0 items-center gap-1">
          <Link href={href} className="truncate hover:text-ink any-pointer-coarse:py-2">
            {label}
          </Link>
          <ChevronRight className="size-3 shrink-0" aria-hidden="true" />
        </span>
      ))}
      <span className="truncate">{here}</span>
    </nav>
  );
}
