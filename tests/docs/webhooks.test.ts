import { describe, expect, test } from '@jest/globals';
import { settingsOf, webhookBody } from '../../services/gateway/src/routes/webhook-body.ts';
import { checkSettings, NOTHING_STORED } from '../../services/registry/src/webhooks/check-settings.ts';
import { createAddressGuard } from '@hookline/domain';
import { codeBlocks, readDoc, tableRows } from './markdown.ts';

const doc = readDoc('webhooks.md');
const [everything = '', patch = ''] = codeBlocks(doc, 'json');
const settings = webhookBody.parse(JSON.parse(everything));

describe('docs/webhooks.md', () => {
  test('shows a webhook that may be created', () => {
    expect(checkSettings(settingsOf(settings), { guard: createAddressGuard(), stored: NOTHING_STORED })).toMatchObject({
      kind: 'valid',
    });
  });

  test('lists every setting, and no other', () => {
    const listed = tableRows(doc)
      .map(([name = '']) => name.replaceAll('`', ''))
      .filter((name) => /^[a-z_]+$/.test(name));
    expect(listed.toSorted()).toEqual(Object.keys(webhookBody.shape).toSorted());
  });

  test('shows a patch of settings that there are', () => {
    for (const name of Object.keys(JSON.parse(patch) as object)) expect(Object.keys(webhookBody.shape)).toContain(name);
  });
});
