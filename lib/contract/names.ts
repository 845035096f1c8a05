const adjectives =
  "amber bold brave bright brisk calm clear clever cosy crisp eager early fair fleet fresh gentle glad golden grand happy hardy honest jolly keen kind light lively lucky mellow merry mild neat nimble noble patient plain polite proud quick quiet rapid ready rosy royal sharp shiny silent silver smart snug solid spry steady still stout sturdy sunny swift tidy vivid warm wise witty young".split(
    " ",
  );
const nouns =
  "acorn anchor aspen badger beacon birch brook cedar cliff clover comet copper cove crane delta dune eagle ember falcon fern finch fjord forest fox gale garnet glacier grove harbor hazel heron island ivy kestrel lagoon lantern larch lark lynx maple marten meadow mesa moss oak otter pebble pine plover quartz reef ridge river robin sparrow spruce summit swan thistle tide tulip valley willow wren".split(
    " ",
  );

/**
 * A container name that is easy to say, `adjective-noun`, chosen by two numbers from 0 up to 1.
 * There are 4,096 of them.
 */
export function friendlyName(first: number = Math.random(), second: number = Math.random()): string {
  return `${pick(adjectives, first)}-${pick(nouns, second)}`;
}

function pick(words: readonly string[], fraction: number): string {
  return words[Math.floor(fraction * words.length)] ?? "container";
}
