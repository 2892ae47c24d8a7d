/*
 * Values as they stand in a JSON text, so that they can be passed on byte for byte (JSON.parse and stringify would turn 1.0 into 1 and round
 * large numbers). All rely on the text being valid JSON: call JSON.parse first.
 */

/**
 * A member of a JSON object. Where its name occurs twice the last counts, as with JSON.parse.
 * @param text valid JSON whose root is an object
 * @param name without characters that JSON escapes
 */
export function memberSlice(text: string, name: string): string | undefined {
  const cursor = { at: skipSpace(text, 0) };
  return memberAt(text, cursor, `"${name}"`);
}

/**
 * The member of each element of an array, in one pass; undefined for an element that has none or is no object.
 * @param text valid JSON
 * @param from where the array begins
 * @param name without characters that JSON escapes
 * @returns the members, and the position behind the array
 */
export function memberOfEach(
  text: string,
  from: number,
  name: string,
): { members: (string | undefined)[]; end: number } {
  const quoted = `"${name}"`;
  const members: (string | undefined)[] = [];
  const cursor = { at: from + 1 };
  for (;;) {
    cursor.at = skipSpace(text, cursor.at);
    const code = text.charCodeAt(cursor.at);
    if (code === CLOSE_LIST || cursor.at >= text.length) return { members, end: cursor.at + 1 };
    if (code === OPEN_OBJECT) {
      members.push(memberAt(text, cursor, quoted));
    } else {
      members.push(undefined);
      cursor.at = valueEnd(text, cursor.at);
    }
    cursor.at = skipSpace(text, cursor.at);
    if (text.charCodeAt(cursor.at) === COMMA) cursor.at++;
  }
}

/** Where the value of an object's first member begins. @param text valid JSON whose root is an object that has one */
export function firstValueAt(text: string): number {
  const nameAt = skipSpace(text, skipSpace(text, 0) + 1);
  return skipSpace(text, skipSpace(text, stringEnd(text, nameAt)) + 1);
}

/** Of the object at the cursor, which stands behind the object then. */
function memberAt(text: string, cursor: { at: number }, quoted: string): string | undefined {
  let start = -1;
  let end = -1;
  let at = cursor.at + 1;
  for (;;) {
    at = skipSpace(text, at);
    if (text.charCodeAt(at) === CLOSE_OBJECT || at >= text.length) break;
    const nameAt = at;
    const nameEnd = stringEnd(text, at);
    const valueAt = skipSpace(text, skipSpace(text, nameEnd) + 1);
    at = valueEnd(text, valueAt);
    if (isName(text, nameAt, nameEnd, quoted)) {
      start = valueAt;
      end = at;
    }
    at = skipSpace(text, at);
    if (text.charCodeAt(at) === COMMA) at++;
  }
  cursor.at = at + 1;
  return start < 0 ? undefined : text.slice(start, end);
}

function isName(text: string, from: number, to: number, quoted: string): boolean {
  if (to - from === quoted.length) return text.startsWith(quoted, from);
  // Written with escapes it is longer.
  if (to - from < quoted.length) return false;
  const written = text.slice(from, to);
  return written.includes('\\') && JSON.parse(written) === quoted.slice(1, -1);
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

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

function valueEnd(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === QUOTE) return stringEnd(text, from);
  let at = from;
  if (first !== OPEN_OBJECT && first !== OPEN_LIST) {
    while (at < text.length && !endsScalar(text.charCodeAt(at))) at++;
    return at;
  }
  let depth = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = stringEnd(text, at);
      continue;
    }
    at++;
    if (code === OPEN_OBJECT || code === OPEN_LIST) depth++;
    else if ((code === CLOSE_OBJECT || code === CLOSE_LIST) && --depth === 0) return at;
  }
  return at;
}

/** Space, a comma or a closing bracket. */
function endsScalar(code: number): boolean {
  return code <= 0x20 || code === COMMA || code === CLOSE_LIST || code === CLOSE_OBJECT;
}
