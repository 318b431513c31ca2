import { Injectable, type OnModuleInit } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';

import { openPaths } from '../http/open-paths.js';
import { operationOf } from '../http/operation.decorator.js';
import { definedOperations } from '../http/operation.js';
import { policyFaults } from './policy.js';

/** Refuses to start with a hole in the policy: an operation without entry, or a route that is no operation (P28). */
@Injectable()
export class PolicyCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    const faults = [...policyFaults(definedOperations()), ...this.strayRoutes()];
    if (faults.length > 0)
      throw new Error(`The access policy has holes; complete access/policy.ts: ${faults.join('; ')}.`);
  }

  /** HTTP routes of any controller that neither are operations nor are meant to be open. */
  private strayRoutes(): string[] {
    return this.discovery.getControllers().flatMap(({ instance, name }) => {
      const prototype = Object.getPrototypeOf(instance) as Record<string, object>;
      return this.scanner
        .getAllMethodNames(prototype)
        .filter((method) => {
          const path = Reflect.getMetadata('path', prototype[method]!) as string | undefined;
          const isRoute = Reflect.getMetadata(METHOD_METADATA, prototype[method]!) !== undefined;
          return isRoute && !operationOf(prototype[method]) && !openPaths.includes(`/${path}`);
        })
        .map((method) => `${String(name)}.${method} is a route but no operation`);
    });
  }
}
