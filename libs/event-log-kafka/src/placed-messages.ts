import type { Message } from 'kafkajs';

/**
 * The messages of one topic, each with its partition. kafkajs 2.2.4 groups a send's messages by partition with `reduce`, and copies a partition's list
 * for each message that it adds to it; these add to it. Any other reduction is what it always was.
 */
export class PlacedMessages extends Array<Message> {
  // A plain list for whatever else is made of it.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  override reduce<T>(step: (before: T, message: Message, index: number, all: Message[]) => T, start?: T): T {
    if (this.length === 0 || !isEmptyObject(start) || this.some(({ partition }) => partition === undefined)) {
      return super.reduce(step as never, start as never) as T;
    }
    const groups: Record<number, Message[]> = {};
    for (const message of this) (groups[message.partition as number] ??= []).push(message);
    return groups as T;
  }
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
