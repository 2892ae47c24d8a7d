import { describe, expect, test } from '@jest/globals';
import { checkAnswer } from './check-answer.ts';

const sent = [
  { topic: 'a', partition: 0 },
  { topic: 'a', partition: 1 },
  { topic: 'b', partition: 0 },
];
const answered = (topicName: string, partition: number, baseOffset?: string) =>
  baseOffset === undefined ? { topicName, partition } : { topicName, partition, baseOffset };

describe('checkAnswer', () => {
  test('every partition named: all acknowledged, at the offsets answered', () => {
    const answer = [answered('b', 0, '7'), answered('a', 1, '0'), answered('a', 0, '12')];
    expect(checkAnswer(sent, answer, new Map())).toEqual({
      acknowledged: [
        { sent: sent[0], baseOffset: 12 },
        { sent: sent[1], baseOffset: 0 },
        { sent: sent[2], baseOffset: 7 },
      ],
      unanswered: [],
      mistaken: [],
    });
  });

  test('a partition left out is unanswered, also when its number is named for another topic', () => {
    const { acknowledged, unanswered } = checkAnswer(sent, [answered('a', 0, '1'), answered('a', 1, '1')], new Map());
    expect(acknowledged.map((each) => each.sent)).toEqual([sent[0], sent[1]]);
    expect(unanswered).toEqual([sent[2]]);
  });

  test('no answer at all acknowledges nothing; nor does one without an offset', () => {
    expect(checkAnswer(sent, [], new Map()).unanswered).toEqual(sent);
    const vague = [answered('a', 0), answered('a', 1, '-1'), answered('b', 0, '3')];
    expect(checkAnswer(sent, vague, new Map()).unanswered).toEqual([sent[0], sent[1]]);
  });

  test('an offset that earlier records have already is no acknowledgement of these', () => {
    const answer = [answered('a', 0, '4'), answered('a', 1, '5'), answered('b', 0, '0')];
    const highest = new Map([
      ['a/0', 4],
      ['a/1', 4],
      ['b/0', 9],
    ]);
    const { acknowledged, mistaken, unanswered } = checkAnswer(sent, answer, highest);
    expect(acknowledged).toEqual([{ sent: sent[1], baseOffset: 5 }]);
    expect(mistaken).toEqual([sent[0], sent[2]]);
    expect(unanswered).toEqual([]);
  });

  test('named twice (sent twice by kafkajs), the later copy counts', () => {
    const { acknowledged } = checkAnswer(
      [sent[0]!],
      [answered('a', 0, '3'), answered('a', 0, '8')],
      new Map([['a/0', 3]]),
    );
    expect(acknowledged).toEqual([{ sent: sent[0], baseOffset: 8 }]);
  });
});
