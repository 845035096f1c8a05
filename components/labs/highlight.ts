/** A piece of C++ and what it is. */
export interface Token {
  text: string;
  kind: "plain" | "comment" | "string" | "keyword" | "directive" | "number";
}

const pattern =
  /(?<comment>\/\/.*|\/\*\*?.*|^ \*.*)|(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'(?!\d))|(?<directive>^#\w+)|(?<number>\b\d[\w']*)|(?<keyword>\b(?:alignas|auto|bool|break|case|char|const|constexpr|default|do|else|false|for|if|int|long|namespace|nullptr|return|short|signed|sizeof|static|static_cast|struct|switch|true|unsigned|using|void|while)\b)/g;

/** Splits a line of C++ as a reader sees it. It knows what the labs' programs use, and needs no more. */
export function highlight(line: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of line.matchAll(pattern)) {
    if (match.index > end) tokens.push({ text: line.slice(end, match.index), kind: "plain" });
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0] as Token["kind"];
    tokens.push({ text: match[0], kind });
    end = match.index + match[0].length;
  }
  if (end < line.length) tokens.push({ text: line.slice(end), kind: "plain" });
  return tokens;
}
