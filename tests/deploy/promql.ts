/** Names of series are what begins with one of these; what stands in braces and brackets is none. */
export function seriesOf(expr: string): string[] {
  const bare = expr.replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, ' ');
  return [...bare.matchAll(/\b(?:webhook[_:]|process_|nodejs_|up\b)[\w:]*/g)].map(([name]) => name);
}

/** The sides of a query's `or`s, each a query that must find something by itself; a query without any is its own. */
export function sidesOf(expr: string): string[] {
  const sides = [''];
  for (const { word, depth } of words(expr)) {
    if (word === 'or' && depth === 0) sides.push('');
    else sides[sides.length - 1] += word;
  }
  return sides.map((side) => side.trim());
}

/** These give something where there is nothing to show. */
const GIVES = /\b(?:absent|absent_over_time|vector|scalar)\s*\(/;
/** A series made to a constant. */
const FLATTENS = /(?:\*\s*0(?:\.0+)?|\^\s*0(?:\.0+)?)(?![\w.])|\bgroup\b/;

/** Why the query would show something although what it is about is not there. */
export function whyHides(expr: string): string | undefined {
  for (const pattern of [GIVES, FLATTENS]) {
    const [found] = pattern.exec(withoutTexts(expr)) ?? [];
    if (found !== undefined) return `\`${found}\` is a constant`;
  }
  if (words(expr).some(({ word, depth }) => word === 'or' && depth > 0)) {
    return 'an `or` in parentheses, whose sides can not be asked for by themselves';
  }
  const constant = sidesOf(expr).find((side) => seriesOf(side).length === 0);
  return constant === undefined ? undefined : `"${constant}" is a constant`;
}

/** Words and what stands between them, each with how many parentheses are around it. Texts and what braces hold are one word. */
function words(expr: string): { word: string; depth: number }[] {
  let depth = 0;
  return [...expr.matchAll(/"[^"]*"|'[^']*'|\{[^}]*\}|\w+|[^\w"'{]/g)].map(([word]) => {
    if (word === '(') depth++;
    if (word === ')') depth--;
    return { word, depth };
  });
}

function withoutTexts(expr: string): string {
  return expr.replaceAll(/"[^"]*"|'[^']*'/g, '""');
}
