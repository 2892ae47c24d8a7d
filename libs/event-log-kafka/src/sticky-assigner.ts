import type { TopicPartition } from '@hookline/event-log';
import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';
import { partitionName } from './check-answer.ts';

export interface MemberClaim {
  memberId: string;
  /** What the member has now, by `partitionName`. */
  has: ReadonlySet<string>;
}

/**
 * Shares each topic's partitions evenly, and lets a member keep what it has as far as that allows: a member that comes or
 * goes moves as few partitions as possible. kafkajs' own round robin may move them all.
 */
export function stickyAssigner(owned: () => readonly TopicPartition[]): PartitionAssigner {
  return ({ cluster }) => ({
    name: 'HooklineSticky',
    version: 0,
    protocol({ topics }) {
      const userData = Buffer.from(
        owned()
          .map(({ topic, partition }) => partitionName(topic, partition))
          .join('\n'),
      );
      return { name: this.name, metadata: AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData }) };
    },
    async assign({ members, topics }) {
      const claims = members.map(({ memberId, memberMetadata }) => {
        const userData = AssignerProtocol.MemberMetadata.decode(memberMetadata)?.userData ?? Buffer.alloc(0);
        return { memberId, has: new Set(userData.toString().split('\n')) };
      });
      const partitions = new Map(
        topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)]),
      );
      return [...assignSticky(claims, partitions)].map(([memberId, assignment]) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version: 0,
          assignment,
          userData: Buffer.alloc(0),
        }),
      }));
    },
  });
}

export function assignSticky(
  claims: readonly MemberClaim[],
  partitions: ReadonlyMap<string, readonly number[]>,
): Map<string, Record<string, number[]>> {
  const members = [...claims].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const assignment = new Map(members.map(({ memberId }) => [memberId, emptyAssignment()]));
  const totals = new Map(members.map(({ memberId }) => [memberId, 0]));
  for (const [topic, all] of partitions) {
    const shares = shareOf(topic, all, members, totals);
    for (const [memberId, share] of shares) {
      if (share.length > 0) assignment.get(memberId)![topic] = share.sort((a, b) => a - b);
      totals.set(memberId, totals.get(memberId)! + share.length);
    }
  }
  return assignment;
}

function shareOf(
  topic: string,
  all: readonly number[],
  members: readonly MemberClaim[],
  totals: ReadonlyMap<string, number>,
): Map<string, number[]> {
  const kept = new Map(members.map(({ memberId }) => [memberId, [] as number[]]));
  const open = new Set(all);
  const least = Math.floor(all.length / members.length);
  let larger = all.length % members.length;

  const keep = (member: MemberClaim, upTo: number): void => {
    const share = kept.get(member.memberId)!;
    for (const partition of open) {
      if (share.length >= upTo) return;
      if (member.has.has(partitionName(topic, partition)) && open.delete(partition)) share.push(partition);
    }
  };
  // The larger shares go first to those who have that many and little else.
  for (const member of members) keep(member, least);
  const byLoad = [...members].sort((a, b) => totals.get(a.memberId)! - totals.get(b.memberId)!);
  for (const member of byLoad) {
    if (larger === 0) break;
    keep(member, least + 1);
    if (kept.get(member.memberId)!.length > least) larger--;
  }
  for (const partition of open) {
    const taker = byLoad.reduce((best, member) =>
      kept.get(member.memberId)!.length < kept.get(best.memberId)!.length ? member : best,
    );
    kept.get(taker.memberId)!.push(partition);
  }
  return kept;
}

function emptyAssignment(): Record<string, number[]> {
  return {};
}
