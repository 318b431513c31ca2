import { ByteReader } from './byte-reader.js';
import { decompress } from './decompress.js';
import { Unreadable } from './unreadable.js';

/** Why messages of a topic could not be read, and which. */
export interface UnreadableRange {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly reason: string;
}

/** A message as kafkajs hands it on. */
export interface FetchedRecord {
  readonly magicByte: number;
  readonly attributes: number;
  readonly timestamp: string;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | Buffer[] | null>>;
  readonly isControlRecord: boolean;
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
  /** Stands for all messages of a batch that could not be read; at the offset of the last one. */
  readonly unreadable?: UnreadableRange;
}

/** What one answer of a broker may still become in memory. Shared by its partitions; what is left waits for the next. */
export interface ReadingBudget {
  bytes: number;
  records: number;
}

/** Far above what Rollcall sends: its requests have 2 MiB. */
export const batchLimits = { bytes: 32 * 1024 * 1024, records: 50_000, headersOfRecord: 100 };
export const answerLimits = { bytes: 16 * 1024 * 1024, records: 50_000 };

/** Offset and length stand before what the length counts. */
const lengthEnd = 12;
/** Bytes of a batch without any record, beyond `lengthEnd`. */
const emptyBatch = 49;
const magicAt = 16;
const magicByte = 2;
const attributeBits = { codec: 0x07, logAppendTime: 0x08, transactional: 0x10, control: 0x20 };

/**
 * The messages of one partition in an answer to a fetch. A batch that cannot be read becomes one message that says so,
 * instead of an error: kafkajs would end the consumer, and end it again at every start.
 * Format: https://kafka.apache.org/documentation/#recordbatch (the second; the two before Kafka 0.11 are not read).
 */
export async function readRecordBatches(bytes: Buffer, budget: ReadingBudget): Promise<FetchedRecord[]> {
  const records: FetchedRecord[] = [];
  for (let at = 0; bytes.length - at > magicAt && budget.bytes > 0 && budget.records > 0;) {
    const length = bytes.readInt32BE(at + 8);
    const end = at + lengthEnd + length;
    // A broker cuts the last batch off where the wanted number of bytes is reached.
    if (end > bytes.length) break;
    const read = await readBatch(bytes.subarray(at, Math.max(end, at + lengthEnd)), budget);
    for (const record of read) records.push(record);
    if (length < emptyBatch) break;
    at = end;
  }
  return records;
}

interface BatchHeader {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly attributes: number;
  readonly firstTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: string;
  readonly count: number;
}

async function readBatch(bytes: Buffer, budget: ReadingBudget): Promise<FetchedRecord[]> {
  const firstOffset = Number(bytes.readBigInt64BE(0));
  let lastOffset = firstOffset;
  try {
    const reader = new ByteReader(bytes, lengthEnd);
    const header = readHeader(reader, firstOffset);
    lastOffset = header.lastOffset;
    // Kafka keeps an empty batch where it compacted a topic; the position must move over it all the same.
    if (header.count === 0) return [standIn(header, { isControlRecord: true })];
    return await readRecords(header, reader, budget);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    budget.records -= 1;
    const unreadable = { firstOffset, lastOffset, reason: error.message };
    return [standIn({ lastOffset, producerId: '-1', attributes: 0 }, { unreadable })];
  }
}

function readHeader(reader: ByteReader, firstOffset: number): BatchHeader {
  reader.int32(); // epoch of the partition's leader
  const magic = reader.int8();
  if (magic !== magicByte) throw new Unreadable(`its format has the number ${magic}, and only ${magicByte} is read`);
  reader.int32(); // checksum, which the broker checked
  const attributes = reader.int16();
  const lastOffsetDelta = reader.int32();
  const [firstTimestamp, maxTimestamp] = [reader.int64(), reader.int64()];
  const producerId = String(reader.bigInt64());
  reader.int16(); // epoch of the producer
  reader.int32(); // first sequence
  const count = reader.int32();
  if (lastOffsetDelta < 0) throw new Unreadable('its last offset lies before its first');
  if (count < 0) throw new Unreadable('its number of messages is negative');
  const lastOffset = firstOffset + lastOffsetDelta;
  return { firstOffset, lastOffset, attributes, firstTimestamp, maxTimestamp, producerId, count };
}

async function readRecords(header: BatchHeader, reader: ByteReader, budget: ReadingBudget): Promise<FetchedRecord[]> {
  const { attributes, count } = header;
  if (count > batchLimits.records) {
    throw new Unreadable(`it has ${count} messages, and at most ${batchLimits.records} are read at once`);
  }
  const codec = attributes & attributeBits.codec;
  let body = reader;
  if (codec !== 0) {
    const plain = await decompress(codec, reader.take(reader.left), batchLimits.bytes);
    budget.bytes -= plain.length;
    body = new ByteReader(plain);
  }
  budget.records -= count;
  const records: FetchedRecord[] = [];
  for (let index = 0; index < count; index += 1) records.push(readRecord(header, body));
  return records;
}

function readRecord(header: BatchHeader, body: ByteReader): FetchedRecord {
  const reader = body.part(body.varint());
  const attributes = reader.int8();
  const timestamp = header.firstTimestamp + reader.varint();
  const offset = header.firstOffset + reader.varint();
  if (offset < header.firstOffset || offset > header.lastOffset) {
    throw new Unreadable('a message in it has an offset that is not its own');
  }
  const isAppendTime = (header.attributes & attributeBits.logAppendTime) !== 0;
  return {
    magicByte,
    attributes,
    timestamp: String(isAppendTime ? header.maxTimestamp : timestamp),
    offset: String(offset),
    key: reader.nullableBytes(),
    value: reader.nullableBytes(),
    headers: readHeaders(reader),
    isControlRecord: (header.attributes & attributeBits.control) !== 0,
    batchContext: contextOf(header),
  };
}

/** A name that comes again has a list of values. */
function readHeaders(reader: ByteReader): Record<string, Buffer | Buffer[] | null> {
  // Without a prototype, so that a header may have any name.
  const headers = Object.create(null) as Record<string, Buffer | Buffer[] | null>;
  const count = reader.varint();
  if (count > batchLimits.headersOfRecord) throw new Unreadable(`a message in it has ${count} headers`);
  for (let index = 0; index < count; index += 1) {
    const name = reader.take(reader.varint()).toString('utf8');
    const value = reader.nullableBytes();
    const known = headers[name];
    if (known === undefined || known === null || value === null) headers[name] = value;
    else if (Array.isArray(known)) known.push(value);
    else headers[name] = [known, value];
  }
  return headers;
}

function standIn(
  header: Pick<BatchHeader, 'lastOffset' | 'producerId' | 'attributes'>,
  what: { isControlRecord: true } | { unreadable: UnreadableRange },
): FetchedRecord {
  return {
    magicByte,
    attributes: 0,
    timestamp: '0',
    offset: String(header.lastOffset),
    key: null,
    value: null,
    headers: {},
    isControlRecord: false,
    batchContext: contextOf(header),
    ...what,
  };
}

const contextOf = ({ producerId, attributes }: Pick<BatchHeader, 'producerId' | 'attributes'>) => ({
  producerId,
  inTransaction: (attributes & attributeBits.transactional) !== 0,
});
