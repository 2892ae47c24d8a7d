import { configSections, type ConfigKey, type ConfigSection } from './keys.ts';

/** `docs/config.md` from this heading on is made here. */
export const KEYS_HEADING = '## Keys';

/** Their default is another with `npm start` on loopback, so config.yaml only shows it. */
const LOCAL_DEFAULTS = new Set(['log.level']);
const YAML_WIDTH = 120;
const YAML_HEAD = `# Every setting with its default: this file changes nothing until a value in it is changed. \`npm start\` and every service read ./config.yaml, or the
# file that HOOKLINE_CONFIG names. The environment wins over it (DISPATCHER_HTTP_TIMEOUT=10s), and <NAME>_FILE names a file that holds a value. Secrets
# belong there, not here. \`npm run config:check\` says what is wrong with it. Made by \`npm run generate:config\` from the schema.
#
# Without database.url, kafka.brokers and redis: embedded. With database.url alone: PostgreSQL only. With all three: Kafka, Redis and PostgreSQL.
`;

/** The part of docs/config.md below its own text: a table for each section. */
export function renderKeys(): string {
  return [KEYS_HEADING, ...configSections().map(renderSection)].join('\n\n') + '\n';
}

function renderSection({ name, intro, readBy, keys }: ConfigSection): string {
  const rows = keys.map((key) => [
    `\`${key.key}\``,
    `\`${key.environment}\``,
    plainDefault(key) ?? (key.required ? 'required' : 'none'),
    key.meaning,
  ]);
  const parts = [`### ${name}`, `Read by: ${readBy.join(', ')}.`];
  if (intro !== '') parts.push(intro);
  return [...parts, renderTable([['key', 'environment', 'default', 'meaning'], ...rows])].join('\n\n');
}

function plainDefault({ byDefault }: ConfigKey): string | null {
  if (byDefault === undefined || (Array.isArray(byDefault) && byDefault.length === 0)) return null;
  return `\`${byDefault as string | number | boolean}\``;
}

function renderTable(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const [head, ...body] = rows.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column]!))));
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

/** config.yaml: every key with what it means; those without a default are commented out. */
export function renderYaml(): string {
  return YAML_HEAD + configSections().map(renderYamlSection).join('');
}

function renderYamlSection({ name, intro, keys }: ConfigSection): string {
  const head = intro === '' ? '' : comment(intro, '');
  return `\n${head}${name}:\n${keys.map((key) => comment(key.meaning, '  ') + renderYamlKey(key)).join('')}`;
}

function renderYamlKey(key: ConfigKey): string {
  const value = plainDefault(key)?.slice(1, -1);
  const shownOnly = value === undefined || LOCAL_DEFAULTS.has(`${key.section}.${key.key}`);
  return `  ${shownOnly ? '# ' : ''}${key.key}: ${value ?? yamlExample(key)}\n`;
}

function yamlExample({ byDefault, example }: ConfigKey): string {
  // The environment's examples are for a shell.
  const text = String(example).replace(/^"(.*)\$\((.*)\)"$/, '$1<the output of $2>');
  return Array.isArray(byDefault) ? `[${text}]` : text;
}

/** Lines of a comment, without Markdown's links. */
function comment(markdown: string, indent: string): string {
  const lines = [''];
  for (const word of markdown.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').split(' ')) {
    const last = lines.at(-1)!;
    if (last === '') lines[lines.length - 1] = word;
    else if (indent.length + 2 + last.length + 1 + word.length > YAML_WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line) => `${indent}# ${line}\n`).join('');
}
