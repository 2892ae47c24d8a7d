import { describe, expect, test } from '@jest/globals';
import { createPasswords } from './passwords.ts';

describe('passwords', () => {
  const passwords = createPasswords();

  test('match their hash only, however they are typed', async () => {
    const hash = await passwords.hash('pässword');
    expect(hash).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$/);
    expect(await passwords.matches('pässword'.normalize('NFD'), hash)).toBe(true);
    expect(await passwords.matches('Pässword', hash)).toBe(false);
    expect(await passwords.hash('pässword')).not.toBe(hash);
  });

  test('match a hash made with other parameters', async () => {
    // RFC 7914, section 12: scrypt("password", "NaCl", N=1024, r=8, p=16), its first 32 bytes.
    const key = Buffer.from('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162', 'hex');
    const hash = `$scrypt$ln=10,r=8,p=16$${Buffer.from('NaCl').toString('base64')}$${key.toString('base64')}`;
    expect(await passwords.matches('password', hash)).toBe(true);
    expect(await passwords.matches('Password', hash)).toBe(false);
  });

  test("of nobody never match, and take as long as somebody's", async () => {
    const hash = await passwords.hash('x');
    const spent = async (stored: string | null) => {
      const startedAt = process.cpuUsage();
      for (let i = 0; i < 3; i++) expect(await passwords.matches('y', stored)).toBe(false);
      const { user, system } = process.cpuUsage(startedAt);
      return user + system;
    };
    const ratio = (await spent(null)) / (await spent(hash));
    expect(ratio).toBeGreaterThan(0.3);
    expect(ratio).toBeLessThan(3);
  });

  test('are refused when too many wait for their turn', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 36 }, () => passwords.matches('x', null)));
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(2);
    expect(refused[0]).toMatchObject({ reason: { intent: 'unavailable' } });
  }, 60_000);
});
