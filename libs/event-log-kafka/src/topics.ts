import type { TopicDifferences, TopicSpec } from '@hookline/event-log';
import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs';

const SEGMENT_BYTES = 64 * 1024 * 1024;
const LONGEST_SEGMENT_MS = 3_600_000;
const SHORTEST_SEGMENT_MS = 60_000;

export interface Copies {
  replicationFactor?: number;
  minInsyncReplicas?: number;
}

/** The settings that a topic is made with, and that are compared with those it has. */
export function topicSettings(spec: TopicSpec, copies: Copies = {}): Record<string, string> {
  const { cleanup, retentionMs, maxBytes } = spec;
  return {
    'cleanup.policy': cleanup,
    [cleanup === 'compact' ? 'delete.retention.ms' : 'retention.ms']: String(retentionMs),
    'max.message.bytes': String(maxBytes),
    ...segmentSettings(spec),
    ...(copies.minInsyncReplicas === undefined ? {} : { 'min.insync.replicas': String(copies.minInsyncReplicas) }),
  };
}

/** Segments are what Kafka deletes and compacts: small and young enough that both happen. */
function segmentSettings({ retentionMs, maxBytes }: TopicSpec): Record<string, string> {
  const segmentMs = Math.min(LONGEST_SEGMENT_MS, Math.max(SHORTEST_SEGMENT_MS, Math.floor(retentionMs / 4)));
  return { 'segment.bytes': String(Math.max(SEGMENT_BYTES, maxBytes)), 'segment.ms': String(segmentMs) };
}

export async function createTopics(admin: Admin, specs: readonly TopicSpec[], copies: Copies): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = specs.filter(({ name }) => !existing.has(name));
  if (missing.length === 0) return;
  // Two processes may do this at once: kafkajs takes "exists already" for success.
  await admin.createTopics({ waitForLeaders: true, topics: missing.map((spec) => topicConfig(spec, copies)) });
}

function topicConfig(spec: TopicSpec, copies: Copies): ITopicConfig {
  const settings = topicSettings(spec, copies);
  return {
    topic: spec.name,
    numPartitions: spec.partitions,
    // -1: the broker's default.
    replicationFactor: copies.replicationFactor ?? -1,
    configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
  };
}

export async function checkTopics(
  admin: Admin,
  specs: readonly TopicSpec[],
  copies: Copies,
): Promise<TopicDifferences> {
  const existing = new Set(await admin.listTopics());
  const present = specs.filter(({ name }) => existing.has(name));
  const missing = specs.filter(({ name }) => !existing.has(name)).map(({ name }) => `${name}: does not exist`);
  const wrong: string[] = [];
  if (present.length === 0) return { missing, wrong };
  const [layout, settings] = await Promise.all([readLayout(admin, present), readSettings(admin, present, copies)]);
  for (const spec of present) {
    const { partitions = 0, fewestReplicas = 0 } = layout.get(spec.name) ?? {};
    if (partitions !== spec.partitions)
      wrong.push(`${spec.name}: partitions is ${partitions}, should be ${spec.partitions}`);
    const { replicationFactor = 0 } = copies;
    if (fewestReplicas < replicationFactor)
      wrong.push(`${spec.name}: replication factor is ${fewestReplicas}, should be ${replicationFactor}`);
    for (const [name, value] of Object.entries(topicSettings(spec, copies))) {
      const actual = settings.get(spec.name)?.get(name);
      if (actual !== value) wrong.push(`${spec.name}: ${name} is ${actual}, should be ${value}`);
    }
  }
  return { missing, wrong };
}

interface Layout {
  partitions: number;
  /** Of its partitions, that with the fewest copies (in step or not) has so many. */
  fewestReplicas: number;
}

async function readLayout(admin: Admin, specs: readonly TopicSpec[]): Promise<Map<string, Layout>> {
  const { topics } = await admin.fetchTopicMetadata({ topics: specs.map(({ name }) => name) });
  return new Map(
    topics.map(({ name, partitions }) => [
      name,
      {
        partitions: partitions.length,
        fewestReplicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
      },
    ]),
  );
}

async function readSettings(
  admin: Admin,
  specs: readonly TopicSpec[],
  copies: Copies,
): Promise<Map<string, Map<string, string>>> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: specs.map((spec) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name: spec.name,
      configNames: Object.keys(topicSettings(spec, copies)),
    })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ]),
  );
}
