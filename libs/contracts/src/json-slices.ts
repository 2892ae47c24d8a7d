/**
 * The members of a JSON object as they stand in its text, so that a value can be passed on byte for byte
 * (JSON.parse and stringify would turn 1.0 into 1 and round large numbers). Where a name occurs twice the last counts, as with JSON.parse.
 * @param text valid JSON whose root is an object: call JSON.parse first, this scanner relies on it
 */
export function memberSlices(text: string): Map<string, string> {
  const members = new Map<string, string>();
  let at = skipSpace(text, 0) + 1;
  for (;;) {
    at = skipSpace(text, at);
    if (text[at] === '}' || at >= text.length) return members;
    const nameEnd = stringEnd(text, at);
    const name = JSON.parse(text.slice(at, nameEnd)) as string;
    const start = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const end = valueEnd(text, start);
    members.set(name, text.slice(start, end));
    at = skipSpace(text, end);
    if (text[at] === ',') at++;
  }
}

/**
 * One member of a JSON object as `memberSlices` gives it, without the others.
 * @param name without characters that JSON escapes
 */
export function memberSlice(text: string, name: string): string | undefined {
  const quoted = `"${name}"`;
  let found: string | undefined;
  let at = skipSpace(text, 0) + 1;
  for (;;) {
    at = skipSpace(text, at);
    if (text[at] === '}' || at >= text.length) return found;
    const nameAt = at;
    const nameEnd = stringEnd(text, at);
    const start = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const end = valueEnd(text, start);
    if (isName(text, nameAt, nameEnd, quoted)) found = text.slice(start, end);
    at = skipSpace(text, end);
    if (text[at] === ',') at++;
  }
}

function isName(text: string, from: number, to: number, quoted: string): boolean {
  if (to - from === quoted.length) return text.startsWith(quoted, from);
  // Written with escapes it is longer.
  if (to - from < quoted.length) return false;
  const written = text.slice(from, to);
  return written.includes('\\') && JSON.parse(written) === quoted.slice(1, -1);
}

/**
 * The elements of a JSON array as they stand in its text.
 * @param text valid JSON whose root is an array
 */
export function elementSlices(text: string): string[] {
  const elements: string[] = [];
  let at = skipSpace(text, 0) + 1;
  for (;;) {
    at = skipSpace(text, at);
    if (text[at] === ']' || at >= text.length) return elements;
    const end = valueEnd(text, at);
    elements.push(text.slice(at, end));
    at = skipSpace(text, end);
    if (text[at] === ',') at++;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function skipSpace(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code === 0x20 || (code >= 0x09 && code <= 0x0d); code = text.charCodeAt(at))
    at++;
  return at;
}

/** One past the closing quote of the string that begins at `from`. */
function stringEnd(text: string, from: number): number {
  let at = from + 1;
  for (;;) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    at++;
    if (slashes % 2 === 0) return at;
  }
}

const STRUCTURE = /["[\]{}]/g;

function valueEnd(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === QUOTE) return stringEnd(text, from);
  if (first !== 0x7b && first !== 0x5b) return scalarEnd(text, from);
  let depth = 0;
  let at = from;
  for (;;) {
    STRUCTURE.lastIndex = at;
    const found = STRUCTURE.exec(text);
    if (found === null) return text.length;
    const mark = found[0];
    if (mark === '"') {
      at = stringEnd(text, found.index);
      continue;
    }
    depth += mark === '{' || mark === '[' ? 1 : -1;
    at = found.index + 1;
    if (depth === 0) return at;
  }
}

const AFTER_SCALAR = /[\s,\]}]/g;

function scalarEnd(text: string, from: number): number {
  AFTER_SCALAR.lastIndex = from;
  return AFTER_SCALAR.exec(text)?.index ?? text.length;
}
