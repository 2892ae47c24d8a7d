import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Content } from '../http/send-bytes.ts';

/* The interactive documentation: Swagger UI, from the package that is installed; nothing is fetched from elsewhere. */

/** Swagger UI sets styles as it goes; it needs no other script than these files. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Hookline API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
  docExpansion: 'list',
});
`;

/** What the page needs, by name, with its media type. */
const FILES = {
  'start.js': 'text/javascript; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'favicon-32x32.png': 'image/png',
} as const;

export const FILE_NAMES = Object.keys(FILES) as (keyof typeof FILES)[];

export const page: Content = { bytes: Buffer.from(PAGE), type: 'text/html; charset=utf-8' };

const read = new Map<string, Promise<Content>>([
  ['start.js', Promise.resolve({ bytes: Buffer.from(START), type: FILES['start.js'] })],
]);

/** null: there is no such file. */
export async function fileOf(name: string): Promise<Content | null> {
  const known = FILE_NAMES.find((file) => file === name);
  if (known === undefined) return null;
  const content = read.get(known) ?? readContent(known);
  read.set(known, content);
  return content;
}

async function readContent(name: keyof typeof FILES): Promise<Content> {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return { bytes: await readFile(join(folder, name)), type: FILES[name] };
}
