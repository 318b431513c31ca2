import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';

import { AdmissionModule } from '../admission/admission.module.js';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { AccessGuard } from './access.guard.js';
import { ApiKeyStrategy } from './api-key.strategy.js';
import { PolicyCheck } from './policy-check.js';
import { SubjectAccess } from './subject-access.js';

@Module({
  imports: [AdmissionModule, ApiKeysModule, DiscoveryModule, PassportModule, SessionsModule],
  providers: [ApiKeyStrategy, PolicyCheck, SubjectAccess, { provide: APP_GUARD, useClass: AccessGuard }],
})
export class AccessModule {}
