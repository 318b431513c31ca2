import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { AppError, errorText } from '@rollcall/contracts';
import type { Logger } from '@rollcall/observability';
import { LOGGER } from '@rollcall/service';
import type { Request } from 'express';

import { clientOf } from '../http/client.js';
import { operationOf } from '../http/operation.decorator.js';
import type { CallContext, OperationDefinition } from '../http/operation.js';
import { callerOf, stateOf } from '../http/request-state.js';

type Read = (call: CallContext & { params: object; query: object; body: undefined }) => Promise<unknown>;

/**
 * Records as the API shows them, so that the audit can say what a write changed: read by the very operation that shows
 * them, which never shows a secret.
 */
@Injectable()
export class ShownRecords implements OnModuleInit {
  /** By path of the operation: `/integrations/:id`. */
  private readonly readers = new Map<string, { operation: OperationDefinition; read: Read }>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    for (const { instance } of this.discovery.getControllers()) {
      const methods = instance as Record<string, Read>;
      for (const name of this.scanner.getAllMethodNames(Object.getPrototypeOf(instance) as object)) {
        const operation = operationOf(methods[name]);
        if (operation?.method !== 'GET') continue;
        this.readers.set(operation.path, { operation, read: methods[name]!.bind(instance) as Read });
      }
    }
  }

  /** The record that a write is about, as it is now; null where there is none, or none that the API shows. */
  async read(write: OperationDefinition, request: Request, params: object): Promise<unknown> {
    const reader = this.readerOf(write);
    const caller = callerOf(request);
    if (!reader || !caller) return null;
    const { operation, read } = reader;
    // What is about to be made has no id yet; without one the reader would show any record.
    if (operation.path.includes('/:id') && !('id' in params)) return null;
    const { requestId } = stateOf(request);
    const context = {
      caller,
      client: clientOf(request),
      within: null,
      requestId,
      idempotencyKey: requestId,
      ifVersion: null,
    };
    try {
      const shown = await read({ ...context, params, query: {}, body: undefined });
      return operation.result?.parse(shown) ?? null;
    } catch (error) {
      // There is no such record, or the database is away. The write itself is not to fail because nobody could look.
      if (!(error instanceof AppError))
        this.logger.warn(`the audit lacks what ${write.id} changed: ${errorText(error)}`);
      return null;
    }
  }

  /** A POST to a path adds to what a GET of the same path lists; every other write replaces what it shows. */
  private readerOf({ method, path, tag }: OperationDefinition) {
    // What a session shows is secret to everybody but the browser that it is in.
    if (tag === 'session') return undefined;
    const same = method === 'POST' ? undefined : this.readers.get(path);
    return same ?? this.readers.get(recordPath(path));
  }
}

/** `/integrations/:id/launch` and `/integrations` are both about `/integrations/:id`. */
function recordPath(path: string): string {
  const at = path.indexOf('/:id');
  return at < 0 ? `${path}/:id` : path.slice(0, at + '/:id'.length);
}
