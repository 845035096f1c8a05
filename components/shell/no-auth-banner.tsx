/** Stands on every page of a MiniRun that lets everybody on its machine in. */
export function NoAuthBanner() {
  return (
    <p role="note" className="border-warn/30 border-b bg-warn-soft px-4 py-1.5 text-center text-sm">
      <strong className="font-medium">No sign-in:</strong> every user and every program of this machine is root here.
    </p>
  );
}
