import { gzipSync } from 'node:zlib';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { codecNames } from './decompress.js';
import { answerLimits, batchLimits, type FetchedRecord, readRecordBatches } from './record-batch.js';

/** The same three messages at offsets 5 to 7, as Kafka's own Java client writes them. */
const written: Readonly<Record<(typeof codecNames)[number], string>> = {
  none: 'AAAAAAAAAAUAAAC8/////wJNdpCqAAAAAAACAAABi8/laAAAAAGLz+VoAv//////////////////AAAAA3IAAAAKa2V5LTBGdmFsdWUgMCByZXBlYXQgcmVwZWF0IHJlcGVhdCByZXBlYXQGAmgCeAJoAnkCbgEsAAICCmtleS0xAQYCaAJ4AmgCeQJuAXIABAQKa2V5LTJGdmFsdWUgMiByZXBlYXQgcmVwZWF0IHJlcGVhdCByZXBlYXQGAmgCeAJoAnkCbgE=',
  gzip: 'AAAAAAAAAAUAAACB/////wIT+chVAAEAAAACAAABi8/laAAAAAGLz+VoAv//////////////////AAAAAx+LCAAAAAAAAP8rYmBg4MpOrdQ1cCtLzClNVTBQKEotSE0swUqxMWUwVQBxJVMeow4DExNYpyEjsnARAwsLWNgIaqARsQYCAOoV/LeLAAAA',
  snappy:
    'AAAAAAAAAAUAAACc/////wJ/wECqAAIAAAACAAABi8/laAAAAAGLz+VoAv//////////////////AAAAA4JTTkFQUFkAAAAAAQAAAAEAAABXiwFgcgAAAAprZXktMEZ2YWx1ZSAwIHJlcGVhdFIHADwGAmgCeAJoAnkCbgEsAAICBToEMQEuFwAMcgAEBAUXADINUQAyUkoADRUsBgJoAngCaAJ5Am4B',
  lz4: 'AAAAAAAAAAUAAACT/////wK/ugw2AAMAAAACAAABi8/laAAAAAGLz+VoAv//////////////////AAAAAwQiTRhgQIJTAAAA/wpyAAAACmtleS0wRnZhbHVlIDAgcmVwZWF0BwAC8QEGAmgCeAJoAnkCbgEsAAICOgAoMQEXAEFyAAQEFwATMlEAHzJKAAIDFQADOgBQAnkCbgEAAAAA',
  zstd: 'AAAAAAAAAAUAAACB/////wIkRBXJAAQAAAACAAABi8/laAAAAAGLz+VoAv//////////////////AAAAAyi1L/0AWCQCABQDcgAAAAprZXktMEZ2YWx1ZSAwIHJlcGVhdAYCaAJ4AmgCeQJuASwAAgIxAXIABAQyMgYAoQgV3AUC0clYV+1KXxkDAQAA',
};
const bytesOf = (codec: keyof typeof written): Buffer => Buffer.from(written[codec], 'base64');
const headerBytes = 61;

const read = (bytes: Buffer, budget = { ...answerLimits }) => readRecordBatches(bytes, budget);
const texts = (records: readonly FetchedRecord[]) =>
  records.map(({ offset, key, value }) => [Number(offset), key?.toString(), value?.toString() ?? null]);
const reasons = (records: readonly FetchedRecord[]) => records.map(({ unreadable }) => unreadable?.reason);

/** A batch at offsets 10 to 12 around any body. */
function batchOf(codec: number, body: Buffer, count = 3): Buffer {
  const batch = Buffer.concat([bytesOf('none').subarray(0, headerBytes), body]);
  batch.writeBigInt64BE(10n, 0);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt16BE(codec, 21);
  batch.writeInt32BE(count, 57);
  return batch;
}

const xerialPrefix = 20;
const bareSnappy = () => batchOf(2, bytesOf('snappy').subarray(headerBytes + xerialPrefix));

function snappyBomb(): Buffer {
  // One letter, then copies of 64 bytes from one byte before.
  const copies = Buffer.from([(63 << 2) | 2, 1, 0]);
  const count = (2 * batchLimits.bytes) / 64;
  const body = [Buffer.from([0x80, 0x80, 0x80, 0x20]), Buffer.from([0, 97]), Buffer.alloc(count * 3, copies)];
  return Buffer.concat(body);
}

function lz4Bomb(): Buffer {
  // One letter, then one match whose length goes on and on.
  const length = Buffer.alloc(Math.ceil((2 * batchLimits.bytes) / 255) + 1, 255);
  length[length.length - 1] = 0;
  const block = Buffer.concat([Buffer.from([0x1f, 97, 1, 0]), length]);
  return Buffer.concat([lz4Header, uint32(block.length), block, uint32(0)]);
}

const lz4Header = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);

function zstdBomb(): Buffer {
  // Blocks that say one byte 128 KiB times.
  const block = Buffer.alloc(4);
  block.writeUIntLE(((128 * 1024) << 3) | (1 << 1), 0, 3);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]), Buffer.alloc(512 * 4, block)]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A few bytes each that become 64 MiB. */
const bombs: readonly (readonly [codec: string, batch: Buffer])[] = [
  ['gzip', batchOf(1, gzipSync(Buffer.alloc(2 * batchLimits.bytes)))],
  ['snappy', batchOf(2, snappyBomb())],
  ['lz4', batchOf(3, lz4Bomb())],
  ['zstd', batchOf(4, zstdBomb())],
];

describe('messages of a topic', () => {
  it.each(codecNames)('are read where the batch was written with codec %s', async (codec) => {
    const records = await read(bytesOf(codec));
    const value = (number: number) => `value ${number} repeat repeat repeat repeat`;
    expect(texts(records)).toEqual([
      [5, 'key-0', value(0)],
      [6, 'key-1', null],
      [7, 'key-2', value(2)],
    ]);
    expect(records[0]).toMatchObject({ timestamp: '1700000000000', isControlRecord: false });
    expect({ ...records[0]!.headers }).toEqual({ h: [Buffer.from('x'), Buffer.from('y')], n: null });
  });

  it('are read from a bare Snappy block too, as other clients write it', async () => {
    expect(texts(await read(bareSnappy())).map(([offset, key]) => [offset, key])).toEqual([
      [10, 'key-0'],
      [11, 'key-1'],
      [12, 'key-2'],
    ]);
  });

  it('are read up to where the broker cut the answer off', async () => {
    const both = Buffer.concat([bytesOf('lz4'), batchOf(0, bytesOf('none').subarray(headerBytes))]);
    expect(await read(both)).toHaveLength(6);
    expect(await read(both.subarray(0, -1))).toHaveLength(3);
    expect(await read(both.subarray(0, 10))).toEqual([]);
  });
});

describe('a batch that cannot be read', () => {
  it('becomes one message that says which offsets it stands for, and those behind it are read', async () => {
    const damaged = batchOf(3, Buffer.from('no LZ4 frame at all'));
    const [standIn, ...rest] = await read(Buffer.concat([damaged, bytesOf('gzip')]));
    expect(standIn).toMatchObject({
      offset: '12',
      value: null,
      unreadable: { firstOffset: 10, lastOffset: 12, reason: 'it is not an LZ4 frame' },
    });
    expect(rest).toHaveLength(3);
  });

  it.each(bombs)('is a %s bomb: nothing of it grows beyond the limit', async (_codec, batch) => {
    expect(batch.length).toBeLessThan(answerLimits.bytes / 4);
    expect(reasons(await read(batch))).toEqual([expect.stringContaining('more than 32 MiB')]);
  });

  it.each([5, 6, 7])('names codec %d, which does not exist yet', async (codec) => {
    const reason = `it is compressed by codec ${codec}, which Rollcall does not know`;
    expect(reasons(await read(batchOf(codec, Buffer.from('x'))))).toEqual([reason]);
  });

  it('has a format of before Kafka 0.11, or a number of messages or headers that cannot be', async () => {
    const old = bytesOf('none');
    old[16] = 1;
    const body = bytesOf('none').subarray(headerBytes);
    const manyHeaders = Buffer.concat([Buffer.from([20, 0, 0, 0, 1, 1]), Buffer.from([0xfe, 0xff, 0xff, 0xff, 0x0f])]);
    const batches = [
      old,
      batchOf(0, body, 4),
      batchOf(0, body, -1),
      batchOf(0, body, 2 ** 30),
      batchOf(0, manyHeaders, 1),
    ];
    for (const batch of batches) {
      const [record] = await read(batch);
      expect(record!.unreadable).toBeDefined();
    }
    expect(reasons(await read(old))).toEqual(['its format has the number 1, and only 2 is read']);
    expect(reasons(await read(batches[4]!))[0]).toContain('2147483647 headers');
  });

  it('made decoders of npm loop for ever, and ends at once here', async () => {
    // A Snappy literal of a negative length sends snappyjs 0.7.0 back to where it was.
    const backwards = Buffer.from([10, 63 << 2, 0xfa, 0xff, 0xff, 0xff, 1, 1, 1, 1]);
    // lz4js 0.2.0 reads a block of 2 GiB behind the end of the frame.
    const endless = Buffer.concat([lz4Header, uint32(0x7fffffff)]);
    expect(reasons(await read(batchOf(2, backwards)))).toEqual(['its Snappy block ends too early']);
    expect(reasons(await read(batchOf(3, endless)))).toEqual(['its LZ4 frame ends too early']);
  });

  it('never throws, never goes backwards, and never makes more than the limits, whatever its bytes are', async () => {
    const sources = [...codecNames.map(bytesOf), bareSnappy()];
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sources), damage, fc.nat(), async (source, changes, cut) => {
        const bytes = Buffer.from(source);
        // Offset, length and epoch stay: the broker reads them itself.
        for (const [at, value] of changes) bytes[16 + (at % (bytes.length - 16))] = value;
        const shorter = cut % 3 === 0 ? bytes.subarray(0, headerBytes + (cut % 40)) : bytes;
        shorter.writeInt32BE(shorter.length - 12, 8);
        const records = await read(shorter);
        expect(records.length).toBeGreaterThan(0);
        expect(records.length).toBeLessThanOrEqual(batchLimits.records);
        for (const { offset } of records) expect(Number(offset)).toBeGreaterThanOrEqual(5);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('one answer of a broker', () => {
  it('leaves batches for the next one when it has become large, and always takes the first', async () => {
    const batch = bytesOf('zstd');
    const many = Buffer.concat([batch, batch, batch]);
    expect(await read(many, { bytes: 1, records: 100 })).toHaveLength(3);
    expect(await read(many, { bytes: 10_000, records: 4 })).toHaveLength(6);
    expect(await read(many, { bytes: 0, records: 100 })).toEqual([]);
  });

  it('moves over an empty batch, which Kafka keeps where it compacts', async () => {
    expect(await read(batchOf(0, Buffer.alloc(0), 0))).toMatchObject([{ offset: '12', isControlRecord: true }]);
  });
});
