import { messageSignatureHeader, signedDigestsHeader, type TopicDefinition } from '@rollcall/contracts';

import type { ConsumedMessage, Refusal } from './batch-handler.js';
import { messageDigest, signedPartition, signedStatement } from './message-digest.js';
import type { ServiceSigning } from './service-signing.js';

export const notAuthentic = 'message-not-authentic';

interface Verified {
  readonly digests: string;
  readonly signature: string;
}

/**
 * Says of each message of a topic whether its owner wrote it. The messages of a page lie next to each other and share a
 * signature, so the last good one of each partition is remembered: one signature a page, one digest a message.
 */
export class MessageVerifier {
  private readonly last = new Map<number, Verified>();

  /** @param name full name of the topic, with the namespace of the installation */
  constructor(
    private readonly topic: TopicDefinition,
    private readonly name: string,
    private readonly signing: ServiceSigning,
  ) {}

  /** Why nobody may act on the message, or null. */
  refusalOf(partition: number, message: ConsumedMessage): Refusal | null {
    const fault = this.faultOf(partition, message);
    if (fault === null) return null;
    const { name, owner } = this.topic;
    return {
      code: notAuthentic,
      reason:
        `Only ${owner} may write to ${name}, and the message ${fault}. It was parked and changed nothing. If it was ` +
        'written before the upgrade to signed messages, repeat what it belongs to, such as its run. Otherwise find out ' +
        'who can write to the broker, and take that right away.',
    };
  }

  private faultOf(partition: number, { key, value, headers }: ConsumedMessage): string | null {
    const digests = headers[signedDigestsHeader];
    const signature = headers[messageSignatureHeader];
    if (digests === undefined || signature === undefined) return 'carries no signature';
    if (value === null) return 'has no value';
    if (!this.isVerified(partition, { digests, signature }))
      return `carries a signature that is not that of ${this.topic.owner}`;
    const digest = messageDigest(this.name, signedPartition(this.topic, partition), { key, value, headers });
    return `.${digests}.`.includes(`.${digest}.`) ? null : 'is not one that was signed';
  }

  private isVerified(partition: number, signed: Verified): boolean {
    const last = this.last.get(partition);
    if (last?.signature === signed.signature && last.digests === signed.digests) return true;
    if (!this.signing.verify(this.topic.owner, signedStatement(signed.digests), signed.signature)) return false;
    this.last.set(partition, signed);
    return true;
  }
}
