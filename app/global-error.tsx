"use client";

import { Button } from "@/components/ui/button.tsx";
import { Message } from "@/components/ui/message.tsx";
import "./globals.css";

/** The last resort: the frame of the pages itself has failed. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body className="flex min-h-dvh flex-col font-sans">
        <Message title="MiniRun cannot be shown now" detail="The page failed. Containers are not touched by that.">
          <Button variant="primary" onClick={reset}>
            Try again
          </Button>
        </Message>
      </body>
    </html>
  );
}
