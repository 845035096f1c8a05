"use client";

import { RotateCw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Message } from "@/components/ui/message.tsx";

/**
 * Shown when a page's data cannot be had, most often because the worker is away for the moment; such an error has a
 * digest. One without it happened here: a part of the page did not come, or failed, and what has failed to load stays so.
 */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const again = () =>
    startTransition(() => {
      router.refresh();
      reset();
    });
  if (error.digest === undefined) {
    return (
      <Message title="A part of this page failed" detail={`${error.message}. Containers go on meanwhile.`}>
        <Button variant="primary" onClick={() => window.location.reload()}>
          <RotateCw />
          Load it again
        </Button>
      </Message>
    );
  }
  return (
    <Message
      title="This page cannot be shown now"
      detail="Neither the database nor the worker answered. Both are restarted by themselves; containers go on meanwhile. `./minirun status` tells more."
    >
      <Button variant="primary" pending={pending} onClick={again}>
        {!pending && <RotateCw />}
        Try again
      </Button>
    </Message>
  );
}
