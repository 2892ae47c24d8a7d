import { useRealParts } from '@hookline/testkit';
import { expect, test } from '@jest/globals';
import { binaryArray, openDatabase } from './index.ts';

const parts = useRealParts({ postgres: true });

test('arrays in binary form are read as they were given', async () => {
  const database = await openDatabase({ url: await parts.createDatabase() });
  const texts = ['', 'plain', 'ü😀\u0001 "quoted" {a,b} \\', 'NULL', null, 'x'.repeat(70_000)];
  const numbers = [0, -1, 2_147_483_647, null, 1, 2];
  const large = ['9007199254740991', '-5', null, '0', '1', '2'];
  const floats = [0.5, -1e300, null, 1_795_810_123_457, 1, 2];
  const bytes = [
    Buffer.alloc(0),
    Buffer.from([0, 255]),
    null,
    Buffer.alloc(5_000, 7),
    Buffer.from('a'),
    Buffer.from('b'),
  ];
  const { rows } = await database.query(
    'SELECT * FROM unnest($1::text[], $2::int4[], $3::int8[], $4::float8[], $5::bytea[]) AS r (t, n, l, f, b)',
    [
      binaryArray('text', texts),
      binaryArray('int4', numbers),
      binaryArray('int8', large),
      binaryArray('float8', floats),
      binaryArray('bytea', bytes),
    ],
  );
  expect(rows).toEqual(
    texts.map((t, at) => ({
      t,
      n: numbers[at],
      l: large[at] === null ? null : Number(large[at]),
      f: floats[at],
      b: bytes[at],
    })),
  );
  expect((await database.query('SELECT $1::text[] AS none', [binaryArray('text', [])])).rows).toEqual([{ none: [] }]);
  await database.close();
});
