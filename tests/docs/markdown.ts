import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

export function readDoc(name: string): string {
  return readFileSync(join(ROOT, 'docs', name), 'utf8');
}

/** The part below a heading, up to the next one of the same or a higher level. */
export function section(text: string, heading: string): string {
  const lines = text.split('\n');
  const start = lines.indexOf(heading);
  if (start < 0) throw new Error(`there is no heading "${heading}"`);
  const level = /^#+/.exec(heading)?.[0].length ?? 0;
  const length = lines.slice(start + 1).findIndex((line) => (/^(#+) /.exec(line)?.[1]?.length ?? Infinity) <= level);
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join('\n');
}

/** Headings of a level, without the marks. */
export function headings(text: string, level: number): string[] {
  const marks = `${'#'.repeat(level)} `;
  return text.split('\n').flatMap((line) => (line.startsWith(marks) ? [line.slice(marks.length)] : []));
}

/** The rows of the first table, each as its cells; backticks are left out. */
export function tableRows(text: string): string[][] {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.startsWith('|'));
  if (first < 0) throw new Error('there is no table');
  const rest = lines.slice(first);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(2, end < 0 ? undefined : end).map(cellsOf);
}

function cellsOf(line: string): string[] {
  const cells = line.split(/(?<!\\)\|/).slice(1, -1);
  return cells.map((cell) => cell.trim().replaceAll('`', '').replaceAll('\\|', '|'));
}

/** The fenced blocks of a language. */
export function codeBlocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code]) => code as string);
}
