/**
 * How well a text fits what was typed: every word typed must be found. Higher is better, 0 is not at all. Beginnings of
 * words count most, then parts of words, then letters in order within a word.
 */
export function matchScore(query: string, text: string): number {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return 1;
  const words = text
    .toLowerCase()
    .split(/[^a-z0-9_]+/)
    .filter(Boolean);
  let total = 0;
  for (const part of wanted) {
    const best = Math.max(0, ...words.map((word, index) => wordScore(part, word) - Math.min(index, 9) / 100));
    const whole = text.toLowerCase().includes(part) ? 2 : 0;
    const score = Math.max(best, whole);
    if (score === 0) return 0;
    total += score;
  }
  return total / wanted.length;
}

function wordScore(part: string, word: string): number {
  if (word === part) return 5;
  if (word.startsWith(part)) return 4;
  if (word.includes(part)) return 2;
  return part.length > 1 && isSubsequence(part, word) ? 1 : 0;
}

function isSubsequence(part: string, word: string): boolean {
  let at = 0;
  for (const letter of word) if (letter === part[at]) at += 1;
  return at === part.length;
}
