import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  RequestMapping,
  RequestMethod,
} from '@nestjs/common';
import type { Request } from 'express';

import type { Accepted } from './accepted.js';
import type { Chosen } from './chosen-fields.js';
import type { Redirect, WithCookies } from './cookies.js';
import type { Lines } from './lines.js';
import { apiPrefix, type CallOf, type OperationDefinition, type ResultOfOperation, statusOf } from './operation.js';
import { readCall } from './read-call.js';

const operations = new WeakMap<object, OperationDefinition>();

/** The operation that a controller method carries out; null for methods without one. */
export function operationOf(method: unknown): OperationDefinition | null {
  return typeof method === 'function' ? (operations.get(method) ?? null) : null;
}

type Method<Definition extends OperationDefinition> = (
  call: CallOf<Definition>,
) => Promise<
  | ResultOfOperation<Definition>
  | Chosen<ResultOfOperation<Definition>>
  | Accepted
  | Lines
  | Redirect
  | WithCookies<ResultOfOperation<Definition>>
>;

/** Makes a controller method the route of an operation. The compiler checks that it takes and gives what that says. */
export function Operation<Definition extends OperationDefinition>(definition: Definition) {
  return <Handler extends Method<Definition>>(
    target: object,
    property: string,
    descriptor: TypedPropertyDescriptor<Handler>,
  ): void => {
    operations.set(descriptor.value!, definition);
    applyDecorators(
      RequestMapping({ path: `${apiPrefix}${definition.path}`, method: RequestMethod[definition.method] }),
      HttpCode(statusOf(definition)),
    )(target, property, descriptor);
  };
}

/** The parsed request; see `CallOf`. */
export const Call = createParamDecorator((_: unknown, context: ExecutionContext): unknown => {
  const operation = operationOf(context.getHandler());
  if (!operation) throw new Error(`${context.getHandler().name} takes a call but is not an operation`);
  return readCall(operation, context.switchToHttp().getRequest<Request>());
});
