import {
  type EgressAnswer,
  egressFailure,
  type EgressPort,
  type EgressRequest,
  type ManualPacing,
} from '@rollcall/connector-kit';
import type { EgressFailure } from '@rollcall/contracts';
import { decodeBody, decodeText } from '@rollcall/egress';
import type { Exchange, InProcessVendor } from '@rollcall/vendor-simulator';

/** One request that left, when by the test's own clock, and what became of it. */
export interface Sent {
  readonly request: EgressRequest;
  readonly at: number;
  readonly exchange: Exchange | null;
}

/** A failure of the way itself, before or instead of an answer; null: the vendor is reached. */
export type WayFailure = (sent: readonly Sent[], request: EgressRequest) => EgressFailure | null;

/** What a vendor says otherwise than its simulator would; called with each listing, single user and action it answers. */
export type Alteration = (text: string, exchange: Exchange) => string;

const headersTimeoutMs = 30_000;

/**
 * The way out to a vendor in this process. What happens to a connection there is told as the real client tells it
 * (transport.matrix-spec.ts holds the two against each other); bodies are decoded by the real client's own code.
 */
export class SimulatedEgress implements EgressPort {
  readonly sent: Sent[] = [];

  constructor(
    private readonly vendor: InProcessVendor,
    private readonly pacing: ManualPacing,
    private readonly fails: WayFailure = () => null,
    private readonly alters: Alteration = (text) => text,
  ) {}

  /** Requests of a kind that reached the vendor. */
  ofOperation(operation: string): Sent[] {
    return this.sent.filter(({ exchange }) => exchange?.call.operation === operation);
  }

  async request(request: EgressRequest): Promise<EgressAnswer> {
    const at = this.pacing.now();
    const failure = this.fails(this.sent, request);
    if (failure !== null) {
      this.sent.push({ request, at, exchange: null });
      if (failure === 'timeout') await this.pacing.sleep(headersTimeoutMs);
      throw egressFailure(failure);
    }
    const exchange = this.vendor.exchange({ ...request, method: request.method });
    this.sent.push({ request, at, exchange });
    return { ...(await this.answerOf(exchange, request)), askedAt: at };
  }

  private async answerOf(exchange: Exchange, request: EgressRequest): Promise<Omit<EgressAnswer, 'askedAt'>> {
    const { outcome } = exchange;
    if (outcome.kind === 'hang') {
      await this.pacing.sleep(headersTimeoutMs);
      throw egressFailure('timeout');
    }
    if (outcome.kind === 'reset') throw egressFailure('unreachable');
    const { reply, body, promisedBytes } = outcome;
    if (reply.status >= 300 && reply.status < 400) throw egressFailure('redirected');
    if (promisedBytes !== undefined && promisedBytes !== body.length) throw egressFailure('answer-cut');
    const maxBytes = request.maxBytes ?? Infinity;
    if (body.length > maxBytes) throw egressFailure('answer-too-large');
    const limits = { host: 'vendor', maxBytes };
    const whole = reply.status === 204 ? Buffer.alloc(0) : body;
    const text = decodeText(await decodeBody(whole, reply.headers['content-encoding'], limits), 'vendor');
    return { status: reply.status, headers: reply.headers, text: this.alters(text, exchange) };
  }
}
