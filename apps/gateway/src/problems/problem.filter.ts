import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import { errorText, problemContentType } from '@rollcall/contracts';
import type { Logger } from '@rollcall/observability';
import { LOGGER } from '@rollcall/service';
import type { Request, Response } from 'express';

import { AuditTrail } from '../audit/audit.service.js';
import { describeError } from './describe-error.js';

/** Every error leaves as problem+json (RFC 9457), and a failed write leaves its status in the audit. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly audit: AuditTrail,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const { problem, headers, isDefect } = describeError(error, request);
    if (isDefect) this.logDefect(error, request);
    try {
      await this.audit.finish(request, problem.status, null, null);
    } catch (failure) {
      // The client must hear of its error even when the database is away; the open audit document stays as evidence.
      this.logDefect(failure, request);
    }
    if (response.headersSent) return;
    response
      .status(problem.status)
      .set({ ...headers, 'cache-control': 'no-store' })
      .type(problemContentType)
      .send(JSON.stringify(problem));
  }

  private logDefect(error: unknown, request: Request): void {
    const { stack, cause } = error instanceof Error ? error : {};
    this.logger.error(`${request.method} ${request.path} failed: ${errorText(error)}`, { stack, cause });
  }
}
