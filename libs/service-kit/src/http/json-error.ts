/**
 * Where a text stops being JSON: the index of the first character that can't go on from what is before it (the text's length if it ends too
 * early), null if it is JSON. Only asked once JSON.parse has refused a text: its own message often has no position, and quotes the text.
 */
export function jsonErrorAt(text: string): number | null {
  const open: ('{' | '[')[] = [];
  let at = 0;
  let expected: 'value' | 'name' | 'after' = 'value';
  /** The container has just been opened, so it may be closed at once. */
  let mayClose = false;

  for (;;) {
    at = skipSpace(text, at);
    const container = open.at(-1);
    const next = text[at];
    if (expected === 'after' && container === undefined) return at === text.length ? null : at;
    if ((expected === 'after' || mayClose) && next === (container === '{' ? '}' : ']')) {
      open.pop();
      at++;
      expected = 'after';
    } else if (expected === 'after') {
      if (next !== ',') return at;
      at++;
      expected = container === '{' ? 'name' : 'value';
    } else if (expected === 'name') {
      const name = scanString(text, at);
      if (!name.whole) return name.at;
      at = skipSpace(text, name.at);
      if (text[at] !== ':') return at;
      at++;
      expected = 'value';
    } else if (next === '{' || next === '[') {
      open.push(next);
      at++;
      expected = next === '{' ? 'name' : 'value';
      mayClose = true;
      continue;
    } else {
      const scalar = next === '"' ? scanString(text, at) : scanWord(text, at);
      if (!scalar.whole) return scalar.at;
      at = scalar.at;
      expected = 'after';
    }
    mayClose = false;
  }
}

/** One past the token, or the first character that doesn't belong to it. */
interface Scanned {
  at: number;
  whole: boolean;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at] as string)) at++;
  return at;
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function scanString(text: string, from: number): Scanned {
  if (text[from] !== '"') return { at: from, whole: false };
  let at = from + 1;
  for (;;) {
    const next = text[at];
    if (next === undefined || next < ' ') return { at, whole: false };
    if (next === '"') return { at: at + 1, whole: true };
    if (next === '\\') {
      ESCAPE.lastIndex = at;
      if (!ESCAPE.test(text)) return { at, whole: false };
      at = ESCAPE.lastIndex;
    } else {
      at++;
    }
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function scanWord(text: string, from: number): Scanned {
  NUMBER.lastIndex = from;
  if (NUMBER.test(text)) return { at: NUMBER.lastIndex, whole: true };
  for (const word of ['true', 'false', 'null', '-']) {
    let same = 0;
    while (same < word.length && text[from + same] === word[same]) same++;
    if (same > 0) return { at: from + same, whole: same === word.length && word !== '-' };
  }
  return { at: from, whole: false };
}
