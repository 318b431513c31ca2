import 'reflect-metadata';

import { type DynamicModule, type INestApplication, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type DatabaseOwner, lookForAbandonedEveryMs, SchemaVersionError } from '@rollcall/collections';
import { AppError, errorText, type ServiceName, topicsOwnedBy } from '@rollcall/contracts';
import { BatchServer, ensureTopics, isOfKafka, kafkaErrorText } from '@rollcall/messaging';
import { createLogger, type Logger, nestLogger } from '@rollcall/observability';

import { lookForAbandonedTransactions } from './abandoned-transactions.js';
import { attestSettings } from './attestation.js';
import { Background } from './background/background.js';
import { BackgroundModule } from './background/background.module.js';
import { CommandsModule } from './commands.module.js';
import { DatabaseVersions } from './database-versions.js';
import { type EngineWait, whenEngineServes } from './engine-wait.js';
import { HealthController } from './health.controller.js';
import { createInfrastructure, type Infrastructure } from './infrastructure.js';
import { InfrastructureModule } from './infrastructure.module.js';
import { ConfigError, type ServiceConfig } from './service-config.js';
import { StopSignals } from './stop-signals.js';

export interface ServiceDefinition<Config extends ServiceConfig> {
  readonly service: ServiceName;
  readonly module: Type<object>;
  /** Reads the environment; throws `ConfigError`. */
  readonly config: () => Config;
  /** Further set-up of the HTTP side, for the gateway. */
  readonly configureHttp?: (app: NestExpressApplication) => void;
  /** Extra database owners whose collections this service creates, for the vault's private one. */
  readonly alsoEnsures?: readonly ('vault-private' | 'egress')[];
}

@Module({})
class ServiceRoot {}

/** How long a stop may take before the process ends anyway. */
const stopLimitMs = 15_000;

/**
 * Starts a service: configuration, connections, topics and indexes of its own, consumers, HTTP. `--provision` does the
 * set-up only and ends, which is how production installs create topics and indexes (G2); it also brings databases of
 * earlier versions up to date.
 */
export async function bootstrap<Config extends ServiceConfig>(definition: ServiceDefinition<Config>): Promise<void> {
  const logger = createLogger({ service: definition.service });
  surviveKafkajs(logger);
  const signals = new StopSignals(logger, stopLimitMs);
  try {
    const config = definition.config();
    const infrastructure = await createInfrastructure(definition.service, config);
    if (process.argv.includes('--provision')) {
      await provision(definition, infrastructure);
      await infrastructure.close();
      return;
    }
    await startService(definition, infrastructure, (app) => signals.closeBy(() => app.close(), infrastructure.logger));
  } catch (error) {
    if (signals.isStopping) return;
    const reason = error instanceof ConfigError ? `configuration\n${error.message}` : errorText(error);
    const isExplained =
      error instanceof ConfigError || error instanceof SchemaVersionError || error instanceof AppError;
    logger.error(`${definition.service} cannot start: ${reason}`, {
      stack: error instanceof Error && !isExplained ? error.stack : undefined,
    });
    process.exit(1);
  }
}

/**
 * The running application; tests use it to start a service inside their own process.
 * @param onMade gets the application while it still starts, for whoever may have to close it before it runs
 */
export async function startService<Config extends ServiceConfig>(
  definition: ServiceDefinition<Config>,
  infrastructure: Infrastructure,
  onMade: (app: INestApplication) => void = () => undefined,
): Promise<INestApplication> {
  const { health } = infrastructure;
  health.add('start', () => ({ ok: false, detail: 'still starting' }));
  const versions = versionsOf(definition, infrastructure);
  await whenEngineServes(enginesOf(infrastructure), () => versions.require());
  health.add('database versions', () => versions.check());
  if (infrastructure.config.NODE_ENV !== 'production') await prepare(definition, infrastructure);
  else await vouch(infrastructure, definition.alsoEnsures);
  const app = await NestFactory.create<NestExpressApplication>(rootModuleOf(definition, infrastructure), {
    logger: nestLogger(infrastructure.logger),
    abortOnError: false,
    // No service takes bodies before it knows who sends them; the gateway reads its own, the others have none.
    bodyParser: false,
  });
  onMade(app);
  definition.configureHttp?.(app);
  app.connectMicroservice(
    {
      strategy: new BatchServer({
        connection: infrastructure.kafka,
        health: infrastructure.consumerHealth,
        signing: infrastructure.signing,
        deadLetters: infrastructure.deadLetters,
        onFatal: (error) => endProcess(app, infrastructure, error),
      }),
    },
    { inheritAppConfig: false },
  );
  const background = app.get(Background);
  // Before the hooks of the modules, which may wait for what a killed process left locked.
  background.every({
    name: 'look for abandoned transactions',
    everyMs: lookForAbandonedEveryMs,
    step: lookForAbandonedTransactions(infrastructure.databases, infrastructure.logger),
  });
  try {
    await serve(app, infrastructure);
  } catch (error) {
    await background.stop();
    throw error;
  }
  health.remove('start');
  infrastructure.logger.info(`${definition.service} is ready on port ${infrastructure.config.PORT}`);
  return app;
}

async function serve(app: INestApplication, { config, outboxLoop }: Infrastructure): Promise<void> {
  // Handlers are bound in module hooks: consumers must not see a command before that.
  await app.init();
  // Before the groups are joined, which takes as long as the broker does: /readyz says what is waited for.
  await app.listen(config.PORT, config.HOST);
  await app.startAllMicroservices();
  outboxLoop.start();
}

/** What was found is shown in /readyz, so that whoever looks need not believe. */
async function vouch(infrastructure: Infrastructure, alsoOwned: readonly DatabaseOwner[] = []): Promise<void> {
  const settings = await whenEngineServes(enginesOf(infrastructure), () => attestSettings(infrastructure, alsoOwned));
  const detail = settings.map(({ where, setting, found }) => `${where}: ${setting} ${found}`).join('; ');
  infrastructure.health.add('settings', () => ({ ok: true, detail }));
}

async function provision<Config extends ServiceConfig>(
  definition: ServiceDefinition<Config>,
  infrastructure: Infrastructure,
): Promise<void> {
  const versions = versionsOf(definition, infrastructure);
  await whenEngineServes(enginesOf(infrastructure), () => versions.migrate(infrastructure.logger));
  await prepare(definition, infrastructure);
}

function versionsOf<Config extends ServiceConfig>(
  { service, alsoEnsures = [] }: ServiceDefinition<Config>,
  { databases }: Infrastructure,
): DatabaseVersions {
  return new DatabaseVersions(databases, [service, ...alsoEnsures]);
}

async function prepare<Config extends ServiceConfig>(
  { service, alsoEnsures = [] }: ServiceDefinition<Config>,
  infrastructure: Infrastructure,
): Promise<void> {
  const { databases, kafka, config } = infrastructure;
  await whenEngineServes(enginesOf(infrastructure), async () => {
    for (const owner of [service, ...alsoEnsures]) await databases.ensure(owner);
    await ensureTopics(kafka, topicsOwnedBy(service), config.KAFKA_REPLICATION);
  });
}

const enginesOf = ({ config, databases, logger }: Infrastructure): EngineWait => ({
  engine: `Kafka at ${config.KAFKA_BROKERS} or MongoDB at ${databases.address}`,
  setting: 'KAFKA_BROKERS, KAFKA_REPLICATION or MONGODB_URI',
  logger,
});

/**
 * kafkajs leaves promises alone that nobody can catch, among them the end of a consumer whose connection is broken. Such
 * an error is no reason to end the process: the consumer is made anew. Any other ends it, as without this.
 */
function surviveKafkajs(logger: Logger): void {
  process.on('unhandledRejection', (reason) => {
    if (!isOfKafka(reason)) throw reason;
    logger.error(`kafka: nobody waited for this error: ${kafkaErrorText(reason)}`);
  });
}

function rootModuleOf<Config extends ServiceConfig>(
  definition: ServiceDefinition<Config>,
  infrastructure: Infrastructure,
): DynamicModule {
  return {
    module: ServiceRoot,
    imports: [
      InfrastructureModule.of(infrastructure),
      BackgroundModule,
      CommandsModule.of(definition.service),
      ClosingModule.of(infrastructure),
      definition.module,
    ],
    controllers: [HealthController],
  };
}

/** Closes the connections after Nest has stopped consumers and HTTP. */
@Module({})
class ClosingModule {
  static of(infrastructure: Infrastructure): DynamicModule {
    const closing = { onApplicationShutdown: () => infrastructure.close() };
    return { module: ClosingModule, providers: [{ provide: 'closing', useValue: closing }] };
  }
}

function endProcess(app: INestApplication, { logger }: Infrastructure, error: Error): void {
  logger.error(`ending: ${error.message}`);
  setTimeout(() => process.exit(1), stopLimitMs).unref();
  app.close().then(
    () => process.exit(1),
    () => process.exit(1),
  );
}
