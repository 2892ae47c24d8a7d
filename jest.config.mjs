// Node runs the sources as they are; jest needs a transform for the same TypeScript.
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2024', experimental: { keepImportAttributes: true } },
      module: { type: 'es6' },
    },
  ],
};

/** Unit tests sit beside the source as x.test.ts; tests on real stores are x.real.test.ts and start what they need. */
export default {
  testEnvironment: 'node',
  transform,
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/.hookline/'],
  testTimeout: 60_000,
  maxWorkers: 2,
};
