/** Which of the pages on one terminal its person types at: that one answers the terminal's queries. */
export interface Typist {
  isHere(): boolean;
  typed(): void;
  leave(): void;
}

type Message = "who" | "me";

/** The typist among this browser's pages. One that has just come leaves it to a page that was there before. */
export function joinTypists(terminal: string): Typist {
  const channel = new BroadcastChannel(`minirun.typist.${terminal}`);
  let here = true;
  const say = (message: Message) => channel.postMessage(message);
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data === "me") here = false;
    else if (here) say("me");
  };
  say("who");
  return {
    isHere: () => here,
    typed() {
      if (here) return;
      here = true;
      say("me");
    },
    leave: () => channel.close(),
  };
}
