import {
  decodeCancellation,
  decodeDelivery,
  encodeAttempt,
  encodeDeadLetter,
  encodeEvent,
  encodeState,
  TOPIC,
  type Command,
  type StateChange,
} from '@hookline/contracts';
import type { Event } from '@hookline/domain';
import type { LogRecord } from '@hookline/event-log';
import { eventually, useRealParts } from '@hookline/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ask,
  closeAfterEach,
  deathOf,
  failedWith,
  failures,
  get,
  newAttempt,
  newEvent,
  newLetter,
  newState,
  openOnPglite,
  openOnPostgres,
  settled,
  startOn,
  T,
  type Stores,
} from '../testing/scene.ts';

const parts = useRealParts({ postgres: true });
closeAfterEach();

describe.each([
  { name: 'PostgreSQL', open: async () => openOnPostgres(await parts.createDatabase()) },
  { name: 'PGlite', open: openOnPglite },
])('commands on $name', ({ open }) => {
  let stores: Stores;
  let base: string;
  beforeAll(async () => {
    stores = await open();
  }, 120_000);
  afterAll(() => stores?.close(), 60_000);
  beforeEach(async () => {
    ({ base } = await startOn(stores));
  });

  async function recordsOf(topic: string): Promise<LogRecord[]> {
    const ends = await stores.eventLog.endOffsets(topic);
    const records: LogRecord[] = [];
    const following = await stores.eventLog.follow({
      topic,
      received: async (batch) => void records.push(...batch),
      onFailure: (error) => failures.push(error),
    });
    const total = ends.reduce((sum, end) => sum + end, 0);
    await eventually(() => expect(records.length).toBeGreaterThanOrEqual(total));
    await following.close();
    return records;
  }

  async function commandsFor(eventId: string): Promise<Command[]> {
    const commands = (await recordsOf(TOPIC.deliveries)).map((record) => {
      const decoded = decodeDelivery(record);
      if (decoded.kind !== 'command') throw new Error(`no command: ${JSON.stringify(decoded)}`);
      return decoded.command;
    });
    return commands.filter((command) => {
      if (command.kind === 'bury') return false;
      return (command.kind === 'attempt' ? command.event.id : command.eventId) === eventId;
    });
  }

  const post = (path: string, body?: object) => ask(base, 'POST', path, body === undefined ? {} : { body });

  test('a delivery is tried again now with the event as it was, whatever its state', async () => {
    const event = newEvent({
      subject: 'order/7',
      partitionKey: 'k',
      metadata: { region: 'eu' },
      maxRetries: 3,
      expiresAtMs: T + 86_400_000,
      retryScheduleMs: [5_000, 30_000],
    });
    const attempts = [
      newAttempt(event, 'wh_1', 1, failedWith(500, T)),
      newAttempt(event, 'wh_1', 2, failedWith(500, T)),
    ];
    const { deliveryId, startedAtMs } = attempts[0]!;
    await stores.eventLog.append([encodeEvent(event), ...attempts.map(encodeAttempt)]);
    await settled(stores.eventLog);
    const answer = await post(`/api/v1/deliveries/${deliveryId}/retry`);
    expect([answer.status, answer.body]).toEqual([202, { delivery_id: deliveryId, attempt: 3, trigger: 'manual' }]);
    expect(await commandsFor(event.id)).toEqual([
      {
        kind: 'attempt',
        deliveryId,
        webhookId: 'wh_1',
        event,
        trigger: 'manual',
        attempt: 3,
        firstAttemptAtMs: startedAtMs,
      },
    ]);
  });

  test('after a replay it goes on with that one’s schedule', async () => {
    const event = newEvent();
    const attempts = [
      newAttempt(event, 'wh_1', 1, { ...failedWith(500, T), startedAtMs: T - 9_000 }),
      newAttempt(event, 'wh_1', 2, { ...failedWith(500, T), startedAtMs: T - 5_000, trigger: 'replay' }),
      newAttempt(event, 'wh_1', 3, { ...failedWith(500, T), startedAtMs: T - 2_000 }),
    ];
    const { deliveryId } = attempts[0]!;
    await stores.eventLog.append([encodeEvent(event), ...attempts.map(encodeAttempt)]);
    await settled(stores.eventLog);
    await post(`/api/v1/deliveries/${deliveryId}/retry`);
    expect(await commandsFor(event.id)).toEqual([
      expect.objectContaining({ attempt: 4, scheduleFrom: 2, firstAttemptAtMs: T - 5_000 }),
    ]);
  });

  test('whose content is not kept can’t be', async () => {
    const { base: frugal } = await startOn(stores, { OBSERVABILITY_PAYLOADS: 'failed' });
    await stores.eventLog.append([encodeEvent(newEvent())]);
    const event = newEvent({ tenant: 'frugal' });
    const attempt = newAttempt(event, 'wh_1', 1);
    // Without its event, as with one that was not kept.
    await stores.eventLog.append([encodeAttempt(attempt)]);
    await settled(stores.eventLog);
    const answer = await ask(frugal, 'POST', `/api/v1/deliveries/${attempt.deliveryId}/retry`, { tenant: 'frugal' });
    expect([answer.status, answer.body['code']]).toEqual([409, 'content_not_kept']);
  });

  test('an event is cancelled: for whoever has not got it, and at once for what waits', async () => {
    const event = newEvent();
    const waiting = newAttempt(event, 'wh_1', 1, failedWith(500, T));
    await stores.eventLog.append([
      encodeEvent(event),
      encodeAttempt(waiting),
      encodeAttempt(newAttempt(event, 'wh_2', 1)),
    ]);
    await settled(stores.eventLog);
    const answer = await post(`/api/v1/events/${event.id}/cancel`);
    expect([answer.status, answer.body]).toEqual([202, { event_id: event.id, deliveries_waiting: 1 }]);
    expect(await commandsFor(event.id)).toEqual([
      {
        kind: 'cancel',
        deliveryId: waiting.deliveryId,
        tenant: 'acme',
        eventId: event.id,
        eventType: event.type,
        webhookId: 'wh_1',
        acceptedAtMs: event.acceptedAtMs,
        attempts: 1,
        reason: 'cancelled',
      },
    ]);
    const cancellations = (await recordsOf(TOPIC.cancellations)).map(decodeCancellation);
    expect(cancellations).toContainEqual({
      kind: 'cancellation',
      cancellation: expect.objectContaining({ eventId: event.id, webhookId: null, reason: 'cancelled' }),
    });
    // One delivery of it alone.
    expect((await post(`/api/v1/deliveries/${waiting.deliveryId}/cancel`)).status).toBe(202);
    expect((await recordsOf(TOPIC.cancellations)).map(decodeCancellation)).toContainEqual({
      kind: 'cancellation',
      cancellation: expect.objectContaining({ eventId: event.id, webhookId: 'wh_1' }),
    });
  });

  test('what comes to be known of a cancelled event only later is cancelled then', async () => {
    const [event, other] = [newEvent(), newEvent()];
    const one = newAttempt(other, 'wh_1', 1, failedWith(500, T));
    await stores.eventLog.append([encodeEvent(event), encodeEvent(other), encodeAttempt(one)]);
    await settled(stores.eventLog);
    await post(`/api/v1/events/${event.id}/cancel`);
    await post(`/api/v1/deliveries/${one.deliveryId}/cancel`);
    // A dispatcher that had not heard of it yet has put them off, for a month perhaps.
    const late = ['wh_1', 'wh_2'].flatMap((webhookId) => [event, other].map((of) => stateOf(of, webhookId)));
    await stores.eventLog.append([...late.map(encodeState), encodeAttempt(newAttempt(event, 'wh_3', 1))]);
    await settled(stores.eventLog);
    const cancelled = async ({ id }: Event) =>
      (await commandsFor(id)).map((command) => (command.kind === 'cancel' ? command.webhookId : command.kind)).sort();
    expect(await cancelled(event)).toEqual(['wh_1', 'wh_2']);
    expect(await cancelled(other)).toEqual(['wh_1', 'wh_1']);
  });

  test('content is deleted everywhere, does not come back, and the answer says what remains until when', async () => {
    const secret = 'a-secret-of-theirs';
    const event = newEvent({ data: Buffer.from(JSON.stringify(secret)), metadata: { who: secret } });
    const death = deathOf(event, 'wh_1');
    const late = newLetter(event, 'wh_2');
    const answering = newAttempt(event, 'wh_3', 1, { ...failedWith(500, T), responseBody: `no: ${secret}` });
    const succeeding = newAttempt(event, 'wh_5', 1, { responseBody: `yes: ${secret}` });
    await stores.eventLog.append([encodeEvent(event), ...death.records, ...[answering, succeeding].map(encodeAttempt)]);
    await settled(stores.eventLog);
    const answer = await ask(base, 'DELETE', `/api/v1/events/${event.id}/content`);
    expect([answer.status, answer.body]).toMatchObject([200, { event_id: event.id, deliveries_cancelled: 1 }]);
    expect(Date.parse(String(answer.body['gone_from_log_by']))).toBeGreaterThan(Date.now() + 6 * 86_400_000);
    const answeredLate = newAttempt(event, 'wh_4', 1, { ...failedWith(500, T), responseBody: `no: ${secret}` });
    const succeededLate = newAttempt(event, 'wh_6', 1, { responseBody: `yes: ${secret}` });
    const lateAttempts = [answeredLate, succeededLate].map(encodeAttempt);
    await stores.eventLog.append([encodeEvent(event), encodeDeadLetter(late), ...lateAttempts]);
    await settled(stores.eventLog);
    const found = await get(base, `/api/v1/events/${event.id}`);
    expect(found.body).toMatchObject({ data: null, data_kept: false, content_deleted_at: expect.any(String) });
    const answered = [answering, succeeding, answeredLate, succeededLate].map(({ deliveryId }) => deliveryId);
    for (const id of [death.id, late.deliveryId, ...answered]) {
      for (const path of [`/api/v1/dead-letters/${id}`, `/api/v1/deliveries/${id}`]) {
        expect((await get(base, path)).text).not.toContain(secret);
      }
    }
    expect((await get(base, `/api/v1/events?metadata.who=${secret}`)).body.data).toEqual([]);
    expect(
      (await commandsFor(event.id)).map((command) => [command.kind, 'reason' in command && command.reason]),
    ).toEqual([
      ['cancel', 'erased'],
      ['cancel', 'erased'],
    ]);
    const replay = await post(`/api/v1/dead-letters/${death.id}/replay`);
    expect([replay.status, replay.body['code']]).toEqual([409, 'content_not_kept']);
    expect((await ask(base, 'DELETE', `/api/v1/events/${event.id}/content`)).status).toBe(200);
  });

  test('content of an id that was published again on another day is deleted of both', async () => {
    const secret = 'twice-told';
    const event = newEvent({ data: Buffer.from(JSON.stringify(secret)), metadata: { who: secret } });
    const again = { ...event, acceptedAtMs: event.acceptedAtMs - 86_400_000 };
    const attempts = [event, again].map((each, index) =>
      newAttempt(each, `wh_${index}`, 1, { ...failedWith(500, T), responseBody: `no: ${secret}` }),
    );
    await stores.eventLog.append([event, again].map(encodeEvent));
    await stores.eventLog.append(attempts.map(encodeAttempt));
    await settled(stores.eventLog);
    expect((await get(base, `/api/v1/events?metadata.who=${secret}`)).body.data).toHaveLength(2);
    const answer = await ask(base, 'DELETE', `/api/v1/events/${event.id}/content`);
    expect([answer.status, answer.body]).toMatchObject([200, { event_id: event.id, deliveries_cancelled: 2 }]);
    for (const { deliveryId } of attempts) {
      expect((await get(base, `/api/v1/deliveries/${deliveryId}`)).text).not.toContain(secret);
    }
    const { rows } = await stores.database.query('SELECT 1 FROM event_metadata WHERE event_id = $1', [event.id]);
    expect(rows).toEqual([]);
  });

  test('a dead letter is replayed, or resolved with who and why; the first resolution stays', async () => {
    const [one, other] = [newEvent(), newEvent()];
    const [first, second] = [deathOf(one, 'wh_1', { attempts: 6 }), deathOf(other, 'wh_1')];
    await stores.eventLog.append([...first.records, ...second.records]);
    await settled(stores.eventLog);
    const replayed = await post(`/api/v1/dead-letters/${first.id}/replay`);
    expect([replayed.status, replayed.body]).toEqual([202, { delivery_id: first.id, attempt: 7, trigger: 'replay' }]);
    expect(await commandsFor(one.id)).toMatchObject([{ kind: 'attempt', trigger: 'replay', attempt: 7, event: one }]);
    const resolved = await post(`/api/v1/dead-letters/${second.id}/resolve`, { reason: 'known, mended by hand' });
    expect([resolved.status, resolved.body]).toMatchObject([
      200,
      { resolved_by: 'usr_1', resolution: 'known, mended by hand', resolved_at: expect.any(String) },
    ]);
    expect((await post(`/api/v1/dead-letters/${second.id}/resolve`, { reason: 'again' })).body).toEqual(resolved.body);
    expect((await post(`/api/v1/dead-letters/${second.id}/resolve`, { reason: ' ', by: 'x' })).body).toMatchObject({
      code: 'invalid_input',
      errors: expect.arrayContaining([expect.objectContaining({ pointer: '/by' })]),
    });
  });

  test('dead letters are purged by age, of one webhook or of all', async () => {
    const deaths = ['wh_a', 'wh_b', 'wh_a'].map((webhookId, n) =>
      deathOf(newEvent({ tenant: 'purger' }), webhookId, { deadAtMs: T + n * 1_000 }),
    );
    await stores.eventLog.append(deaths.flatMap(({ records }) => records));
    await settled(stores.eventLog);
    const purge = (query: string) => ask(base, 'DELETE', `/api/v1/dead-letters${query}`, { tenant: 'purger' });
    expect((await purge('')).body).toMatchObject({ code: 'invalid_input' });
    const before = new Date(T + 2_000).toISOString();
    expect((await purge(`?before=${before}&webhook=wh_a`)).body).toEqual({ purged: 1, complete: true });
    expect((await purge(`?before=${before}`)).body).toEqual({ purged: 1, complete: true });
    expect((await get(base, '/api/v1/dead-letters', 'purger')).body.data.map(({ id }) => id)).toEqual([deaths[2]!.id]);
  });

  test('needs its scope, a thing of the tenant’s own, and no body that it does not know', async () => {
    const event = newEvent();
    const death = deathOf(event, 'wh_1');
    await stores.eventLog.append([encodeEvent(event), ...death.records]);
    await settled(stores.eventLog);
    const calls: [string, string, object?][] = [
      ['POST', `/api/v1/deliveries/${death.id}/retry`],
      ['POST', `/api/v1/deliveries/${death.id}/cancel`],
      ['POST', `/api/v1/events/${event.id}/cancel`],
      ['DELETE', `/api/v1/events/${event.id}/content`],
      ['POST', `/api/v1/dead-letters/${death.id}/replay`],
      ['POST', `/api/v1/dead-letters/${death.id}/resolve`, { reason: 'x' }],
    ];
    for (const [method, path, body = {}] of calls) {
      const scopes = ['deliveries:read', 'webhooks:write'];
      expect([path, (await ask(base, method, path, { scopes, body })).status]).toEqual([path, 403]);
      expect([path, (await ask(base, method, path, { tenant: 'globex', body })).status]).toEqual([path, 404]);
      if (method === 'DELETE') continue;
      expect([path, (await ask(base, method, path, { body: { x: 1 } })).status]).toEqual([path, 400]);
    }
    expect(await commandsFor(event.id)).toEqual([]);
  });
});

function stateOf(event: Event, webhookId: string): StateChange {
  const nextAttemptAtMs = T + 1_000 + 30 * 86_400_000;
  return newState(event, webhookId, { attempts: webhookId === 'wh_1' ? 1 : 0, nextAttemptAtMs });
}
