import { describe, expect, test } from '@jest/globals';
import { Forbidden } from './errors.ts';
import { requireScope, SCOPES } from './scopes.ts';

describe('requireScope', () => {
  test.each(SCOPES)('%s is enough for itself, alone and among others', (scope) => {
    expect(() => requireScope([scope], scope)).not.toThrow();
    expect(() => requireScope(SCOPES, scope)).not.toThrow();
  });

  test.each(SCOPES)('all others together are not enough for %s', (scope) => {
    const others = SCOPES.filter((other) => other !== scope);
    expect(() => requireScope(others, scope)).toThrow(Forbidden);
  });

  test('any of several is enough', () => {
    for (const held of ['webhooks:read', 'deliveries:read']) {
      expect(() => requireScope([held], 'webhooks:read', 'deliveries:read')).not.toThrow();
    }
    expect(() => requireScope(['events:publish'], 'webhooks:read', 'deliveries:read')).toThrow(
      /webhooks:read or deliveries:read/,
    );
  });

  test.each([[[]], [['']], [['*']], [['webhooks:']], [['webhooks:read webhooks:write']], [['WEBHOOKS:WRITE']]])(
    '%j is not webhooks:write',
    (held) => {
      expect(() => requireScope(held, 'webhooks:write')).toThrow(
        expect.objectContaining({ code: 'missing_scope', message: expect.stringContaining('webhooks:write') }),
      );
    },
  );
});
