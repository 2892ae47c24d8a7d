import { InvalidInput } from '@hookline/domain';
import { databaseSection, hooklineSection, kafkaSection, redisSection } from '@hookline/service-kit';
import { describe, expect, test } from '@jest/globals';
import { backendMode, type BackendsConfig } from './mode.ts';

const KAFKA = 'KAFKA_BROKERS';
const REDIS = 'REDIS_URL';
const DATABASE = 'DATABASE_URL';

function configWith(...set: string[]): BackendsConfig {
  return {
    hookline: hooklineSection.parse({}),
    kafka: kafkaSection.parse(set.includes(KAFKA) ? { brokers: 'localhost:9092' } : {}),
    redis: redisSection.parse(set.includes(REDIS) ? { url: 'redis://localhost:6379' } : {}),
    database: databaseSection.parse(set.includes(DATABASE) ? { url: 'postgres://localhost/hookline' } : {}),
  };
}

describe('the mode', () => {
  test.each([
    ['embedded', []],
    ['postgres', [DATABASE]],
    ['full', [KAFKA, REDIS, DATABASE]],
  ])('is %s with %j', (mode, set) => {
    expect(backendMode(configWith(...set))).toBe(mode);
  });

  test.each([
    [[KAFKA], [REDIS, DATABASE]],
    [[REDIS], [KAFKA, DATABASE]],
    [[KAFKA, REDIS], [DATABASE]],
    [[KAFKA, DATABASE], [REDIS]],
    [[REDIS, DATABASE], [KAFKA]],
  ])('with %j is none, and says that %j are missing, with examples', (set, missing) => {
    const choose = () => backendMode(configWith(...set));
    expect(choose).toThrow(InvalidInput);
    for (const name of missing) expect(choose).toThrow(`${name}, e.g. `);
    for (const name of set) expect(choose).not.toThrow(name);
  });
});
