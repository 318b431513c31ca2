import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';

import { AuditRepository } from './audit.repository.js';
import { AuditTrail } from './audit.service.js';
import { ShownRecords } from './shown-records.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [AuditRepository, AuditTrail, ShownRecords],
  exports: [AuditRepository, AuditTrail, ShownRecords],
})
export class AuditModule {}
