import { describe, expect, it } from '@jest/globals';
import {
  type Cause,
  type CloudEvent,
  encodeEvent,
  saasUserCreated,
  saasUserDeactivated,
  type SaasUserEventData,
} from '@rollcall/contracts';
import fc from 'fast-check';

import { isInitial } from './match-event.js';
import { peekInitial, peekType } from './peek-event.js';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '","type":"',
    '"type":"x"',
    '\\"',
    '"initial":true}}}',
    '"cause":{"kind":"run","initial":true}}}',
    'é',
  ),
);
const cause: fc.Arbitrary<Cause> = fc.oneof(
  fc.record({ kind: fc.constant('run' as const), run: text, integration: text, initial: fc.boolean() }),
  fc.record({
    kind: fc.constant('sweep' as const),
    run: text,
    integration: text,
    line: fc.constant('missing' as const),
    initial: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('people-plan' as const),
    plan: text,
    from: fc.constantFrom('settings' as const, 'run' as const),
    initial: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('command' as const), command: text, actor: text }),
  fc.record({ kind: fc.constant('refold' as const), version: fc.nat() }),
);
/** Everything that may stand in an event, in any order of its keys; the schemas are not the peek's matter. */
const data = fc
  .record({
    revision: fc.nat(),
    record: fc.record({ id: text, values: fc.dictionary(text, text), created: fc.record({ cause }) }),
    changed: fc.dictionary(fc.oneof(text, fc.constant('initial')), fc.oneof(text, fc.boolean())),
    cause,
  })
  .chain((value) =>
    fc
      .shuffledSubarray(Object.keys(value), { minLength: 4 })
      .map((keys) => Object.fromEntries(keys.map((key) => [key, value[key as keyof typeof value]]))),
  );
const encoded = fc
  .record({ id: text, subject: text, data, deactivated: fc.boolean() })
  .map(({ deactivated, ...event }) =>
    encodeEvent(deactivated ? saasUserDeactivated : saasUserCreated, {
      ...event,
      time: '2026-11-21T10:00:00.000Z',
      data: event.data as unknown as SaasUserEventData,
    }),
  );
/** The same event with its keys in another order, as another publisher might write it. */
const shuffled = encoded.chain((value) => {
  const event = JSON.parse(value) as Record<string, unknown>;
  return fc
    .shuffledSubarray(Object.keys(event), { minLength: Object.keys(event).length })
    .map((keys) => JSON.stringify(Object.fromEntries(keys.map((key) => [key, event[key]]))));
});

const parse = (value: string) => JSON.parse(value) as CloudEvent<SaasUserEventData>;

describe('the cheap look at the bytes of an event', () => {
  it('finds the type that a parser finds, or leaves it to the parser', () => {
    fc.assert(
      fc.property(fc.oneof(encoded, shuffled), (value) => {
        const peeked = peekType(Buffer.from(value));
        expect(peeked === null || peeked === parse(value).type).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('answers for every event as it is usually written', () => {
    const value = encodeEvent(saasUserCreated, {
      id: 'p07/000000000812/0003',
      subject: 'integration:42',
      time: '2026-11-21T10:00:00.000Z',
      data: { revision: 1 } as unknown as SaasUserEventData,
    });
    expect(peekType(Buffer.from(value))).toBe('saas-user.created');
  });

  it('calls nothing initial that is not', () => {
    fc.assert(
      fc.property(fc.oneof(encoded, shuffled), (value) => {
        if (peekInitial(Buffer.from(value))) expect(isInitial(parse(value).data.cause)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('sees that a run was the first one, also when a record holds the cause of its creation', () => {
    const initial: Cause = { kind: 'run', run: 'r', integration: 'i', initial: true };
    const later: Cause = { ...initial, initial: false };
    const bytes = (created: Cause, own: Cause) =>
      Buffer.from(
        encodeEvent(saasUserCreated, {
          id: 'x',
          subject: 's',
          time: '2026-11-21T10:00:00.000Z',
          data: {
            revision: 1,
            record: { created: { cause: created } },
            changed: {},
            cause: own,
          } as unknown as SaasUserEventData,
        }),
      );
    expect(peekInitial(bytes(initial, initial))).toBe(true);
    expect(peekInitial(bytes(initial, later))).toBe(false);
  });

  it('leaves what is no event to the parser', () => {
    for (const value of ['', '{', 'null', '{"specversion":"1.0"}', '{"specversion":"1.0","id":"a']) {
      expect(peekType(Buffer.from(value))).toBeNull();
      expect(peekInitial(Buffer.from(value))).toBe(false);
    }
  });
});
