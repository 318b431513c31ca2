import kafkajs from 'kafkajs';

interface Encoder {
  readonly buffer: Buffer;
}

/** Every codec in its simplest form: the bytes as they are, inside what the format wants around them. */
const formats = {
  [kafkajs.CompressionTypes.Snappy]: snappy,
  [kafkajs.CompressionTypes.LZ4]: lz4,
  [kafkajs.CompressionTypes.ZSTD]: zstd,
};

/** kafkajs sends with what is registered, and comes with gzip only. */
export function registerStoredCodecs(): void {
  for (const [type, format] of Object.entries(formats)) {
    const codec = { compress: async ({ buffer }: Encoder) => format(buffer) };
    kafkajs.CompressionCodecs[Number(type) as keyof typeof formats] = () => codec;
  }
}

export const codecs = [
  kafkajs.CompressionTypes.None,
  kafkajs.CompressionTypes.GZIP,
  kafkajs.CompressionTypes.Snappy,
  kafkajs.CompressionTypes.LZ4,
  kafkajs.CompressionTypes.ZSTD,
];

/** Literals of 60 bytes. */
function snappy(bytes: Buffer): Buffer {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest >= 0x80; rest >>= 7) length.push((rest & 0x7f) | 0x80);
  const literals = pieces(bytes, 60).flatMap((piece) => [Buffer.from([(piece.length - 1) << 2]), piece]);
  return Buffer.concat([Buffer.from([...length, rest]), ...literals]);
}

/** A frame of stored blocks; the last byte of its header is the checksum of the two before. */
function lz4(bytes: Buffer): Buffer {
  const header = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);
  const blocks = pieces(bytes, 64 * 1024).flatMap((piece) => [uint32(0x80000000 + piece.length), piece]);
  return Buffer.concat([header, ...blocks, uint32(0)]);
}

/** A frame of raw blocks, the last one marked. */
function zstd(bytes: Buffer): Buffer {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]);
  const all = pieces(bytes, 128 * 1024);
  const blocks = all.flatMap((piece, index) => {
    const head = Buffer.alloc(3);
    head.writeUIntLE((piece.length << 3) | (index === all.length - 1 ? 1 : 0), 0, 3);
    return [head, piece];
  });
  return Buffer.concat([header, ...blocks]);
}

function pieces(bytes: Buffer, length: number): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += length) found.push(bytes.subarray(at, at + length));
  return found;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
