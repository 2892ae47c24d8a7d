import { expect, test } from '@jest/globals';
import { eventTypeBody } from '../../services/gateway/src/routes/schemas.ts';
import { checkEventType } from '../../services/registry/src/event-types/check-event-type.ts';
import { codeBlocks, readDoc } from './markdown.ts';

test('docs/event-types.md shows an event type that may be made', () => {
  const [example = ''] = codeBlocks(readDoc('event-types.md'), 'json');
  const body = eventTypeBody.parse(JSON.parse(example));
  const checked = checkEventType({
    name: body.name ?? '',
    description: body.description ?? '',
    example: JSON.stringify(body.example),
    schema: JSON.stringify(body.schema),
    onMismatch: body.on_mismatch ?? '',
    createdAt: '',
    updatedAt: '',
    version: 0,
  });
  expect(checked).toMatchObject({ kind: 'valid' });
});
