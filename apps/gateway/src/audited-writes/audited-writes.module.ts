import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';

import { CommandsModule } from '../commands/commands.module.js';
import { AuditedChanges } from './audited-changes.service.js';
import { LaterChanges } from './later-changes.service.js';
import { ShownRecords } from './shown-records.js';

@Module({
  imports: [CommandsModule, DiscoveryModule],
  providers: [AuditedChanges, LaterChanges, ShownRecords],
  exports: [AuditedChanges, LaterChanges],
})
export class AuditedWritesModule {}
