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
import { readerPathOf } from './reader-path.js';

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

  /** What the path of the record that a write makes calls it by: `id` nearly everywhere. */
  nameOfKey(write: OperationDefinition): string {
    return keyOf(this.readerOf(write)?.operation.path ?? '') ?? 'id';
  }

  /** The record that a write is about, as it is now; null where there is none, or none that the API shows. */
  async read(write: OperationDefinition, request: Request, params: object): Promise<unknown> {
    const reader = this.readerOf(write);
    const caller = callerOf(request);
    if (!reader || !caller) return null;
    const { operation, read } = reader;
    const key = keyOf(operation.path);
    // What is about to be made has no id yet; without one the reader would show any record.
    if (key !== null && !(key in params)) return null;
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

  private readerOf(write: OperationDefinition) {
    const path = readerPathOf(write, [...this.readers.keys()]);
    return path === null ? undefined : this.readers.get(path);
  }
}

function keyOf(path: string): string | null {
  return /\/:([a-zA-Z]+)/.exec(path)?.[1] ?? null;
}
