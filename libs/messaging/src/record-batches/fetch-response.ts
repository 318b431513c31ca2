import { ByteReader } from './byte-reader.js';
import { answerLimits, type ReadingBudget, readRecordBatches } from './record-batch.js';

/** Versions of the answer that hold record batches; newer ones kafkajs does not ask for. */
export const fetchVersions = [4, 5, 6, 7, 8, 9, 10, 11] as const;
type FetchVersion = (typeof fetchVersions)[number];

/**
 * Decodes a broker's answer to a fetch into what kafkajs expects.
 * Format: https://kafka.apache.org/protocol.html#The_Messages_Fetch.
 */
export function fetchDecoder(version: FetchVersion) {
  return async (bytes: Buffer) => {
    const reader = new ByteReader(bytes);
    const throttledMs = reader.int32();
    const session = version >= 7 ? { errorCode: reader.int16(), sessionId: reader.int32() } : {};
    // From version 8 on the broker does not wait by itself and leaves that to the client.
    const throttle =
      version >= 8 ? { throttleTime: 0, clientSideThrottleTime: throttledMs } : { throttleTime: throttledMs };
    const budget = { ...answerLimits };
    const topics = reader.list(() => ({
      topicName: reader.text(),
      partitions: reader.list(() => readPartition(version, reader)),
    }));
    const responses = [];
    for (const { topicName, partitions } of topics) {
      const decoded = [];
      for (const partition of partitions) decoded.push(await withMessages(partition, budget));
      responses.push({ topicName, partitions: decoded });
    }
    return { ...throttle, ...session, responses };
  };
}

function readPartition(version: FetchVersion, reader: ByteReader) {
  return {
    partition: reader.int32(),
    errorCode: reader.int16(),
    highWatermark: String(reader.int64()),
    lastStableOffset: String(reader.int64()),
    ...(version >= 5 && { lastStartOffset: String(reader.int64()) }),
    abortedTransactions: reader.list(() => ({
      producerId: String(reader.bigInt64()),
      firstOffset: String(reader.int64()),
    })),
    ...(version >= 11 && { preferredReadReplica: reader.int32() }),
    // None where there was an error.
    recordBytes: reader.take(Math.max(0, reader.int32())),
  };
}

async function withMessages({ recordBytes, ...partition }: ReturnType<typeof readPartition>, budget: ReadingBudget) {
  return { ...partition, messages: await readRecordBatches(recordBytes, budget) };
}
