import { Controller, type DynamicModule, Injectable, Module, type OnModuleInit, type Type } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner } from '@nestjs/core';
import { commandsTopicOf, type ServiceName } from '@rollcall/contracts';
import {
  type BatchContext,
  BatchHandler,
  type BoundCommand,
  type CommandPreparation,
  commandPreparationOf,
  commandRegistrationOf,
  CommandServer,
  type MessageBatch,
} from '@rollcall/messaging';

/** Finds every `@HandleCommand` and `@PrepareCommand` method among the providers and binds it to the command server. */
@Injectable()
export class CommandBinder implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly server: CommandServer,
  ) {}

  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (typeof instance !== 'object' || instance === null) continue;
      const provider = instance as Record<string, unknown>;
      for (const name of this.scanner.getAllMethodNames(Object.getPrototypeOf(provider) as object)) {
        this.bind(provider, provider[name]);
      }
    }
  }

  private bind(provider: object, method: unknown): void {
    const registration = commandRegistrationOf(method);
    if (registration) this.server.bind({ ...registration, handle: (method as BoundCommand['handle']).bind(provider) });
    const prepared = commandPreparationOf(method);
    if (prepared) this.server.prepare(prepared.type, (method as CommandPreparation).bind(provider));
  }
}

function commandsControllerOf(service: ServiceName): Type<object> {
  @Controller()
  class CommandsController {
    constructor(private readonly server: CommandServer) {}

    @BatchHandler({ topic: commandsTopicOf(service), group: `${service}.commands`, concurrency: 6 })
    async consume(batch: MessageBatch, context: BatchContext): Promise<void> {
      await this.server.consume(batch, context);
    }
  }
  return CommandsController;
}

@Module({})
export class CommandsModule {
  static of(service: ServiceName): DynamicModule {
    return {
      module: CommandsModule,
      imports: [DiscoveryModule],
      controllers: [commandsControllerOf(service)],
      providers: [CommandBinder],
    };
  }
}
