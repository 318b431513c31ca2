import { Global, Module } from '@nestjs/common';

import { AuditRepository } from './audit.repository.js';
import { AuditTrail } from './audit.service.js';

@Global()
@Module({ providers: [AuditRepository, AuditTrail], exports: [AuditRepository, AuditTrail] })
export class AuditModule {}
