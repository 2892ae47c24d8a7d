const TIME = /^(\d{4})-(\d{2})-(\d{2})[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Whether a text is an RFC 3339 date-time of a day that exists, at most as fine as nanoseconds. A leap second (`:60`) is refused: most
 * languages' clocks, those of our readers among them, can't say it.
 */
export function isRfc3339(text: string): boolean {
  const match = TIME.exec(text);
  if (match === null || Number.isNaN(Date.parse(text))) return false;
  // Date.parse takes 30 February for 2 March.
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}
