import { Inject, Injectable } from '@nestjs/common';
import { type CredentialDocument, Databases, inTransaction, isDuplicateKey } from '@rollcall/collections';
import { errorText, reportCredential } from '@rollcall/contracts';
import { Outbox } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';
import { LOGGER } from '@rollcall/service';

type Known = Pick<CredentialDocument, '_id' | 'secretVersion' | 'attention' | 'previous'>;

/** Tells the vault that a vendor accepted a secret, where the vault waits to hear it. */
@Injectable()
export class AcceptedSecrets {
  constructor(
    private readonly databases: Databases,
    private readonly outbox: Outbox,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * For the requests of one session.
   * @param reference what the secret was leased for
   */
  watch(known: Known | null, reference: string): (accepted: { readonly secretVersion: number }) => void {
    let isTold = !known || (known.attention === null && (known.previous ?? null) === null);
    return ({ secretVersion }) => {
      if (isTold || secretVersion !== known?.secretVersion) return;
      isTold = true;
      this.tell(known, reference).catch((error: unknown) => {
        // The next step tells it, or a run, or a test: nothing depends on this one.
        this.logger.warn(`the vault was not told that a secret works: ${errorText(error)}`, { credential: known._id });
      });
    };
  }

  private async tell({ _id, secretVersion }: Known, reference: string): Promise<void> {
    try {
      await inTransaction(this.databases, (session) =>
        this.outbox.command(session, reportCredential, {
          key: `${reference}/${secretVersion}/accepted`,
          aggregate: _id,
          actor: 'workflow',
          correlationId: reference,
          input: { credential: _id, secretVersion, refused: null },
        }),
      );
    } catch (error) {
      // Another step of the same purpose was faster.
      if (!isDuplicateKey(error)) throw error;
    }
  }
}
