import { Module } from '@nestjs/common';
import { ErasuresModule, RetentionModule, type ServiceDefinition } from '@rollcall/service';

import { ClockModule } from './clock/clock.module.js';
import { type NotifierConfig, readConfig } from './config.js';
import { CredentialsModule } from './credentials/credentials.module.js';
import { NoticeTraces } from './erasures/notice-traces.js';
import { MailModule } from './mail/mail.module.js';
import { NoticesModule } from './notices/notices.module.js';
import { PeoplePlansModule } from './people-plans/people-plans.module.js';
import { NoticeRetention } from './retention/notice-retention.js';
import { WatchesModule } from './watches/watches.module.js';

/** The features; tests put them beside a clock of their own. */
export const features = [
  CredentialsModule,
  MailModule,
  NoticesModule,
  PeoplePlansModule,
  WatchesModule,
  ErasuresModule.of(NoticeTraces, [WatchesModule]),
  RetentionModule.of(NoticeRetention),
];

@Module({ imports: [ClockModule.of(), ...features] })
export class AppModule {}

export const definition: ServiceDefinition<NotifierConfig> = {
  service: 'notifier',
  module: AppModule,
  config: readConfig,
};
