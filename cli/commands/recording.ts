import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { addExamples } from "../examples.ts";
import { write } from "../output.ts";
import { targetOf } from "../target.ts";
import { fromWeb } from "../web-streams.ts";

export function registerRecording(program: Command): void {
  const command = program
    .command("recording")
    .summary("download a recording as asciicast")
    .description(
      "Writes a recording as asciicast, version 2, which asciinema and replay play: the container's own terminal, or that of an exec by its id.",
    )
    .argument("<name>", "name or id")
    .argument("[id]", "the recording (recordings lists them)", "main")
    .option("-o, --output <file>", "write it there instead of standard output; a file that exists stays as it is")
    .action(async (name: string, id: string, options: { output?: string }, command: Command) => {
      const response = await targetOf(command).client.open("readRecording", { params: { name, id } });
      if (!response.body) return;
      if (options.output !== undefined) {
        await pipeline(fromWeb(response.body), createWriteStream(options.output, { flags: "wx" }));
      } else for await (const chunk of response.body) await write(process.stdout, chunk);
    });
  addExamples(command, "./minirun recording web --output web.cast", "./minirun recording web | head -n 1");
}
