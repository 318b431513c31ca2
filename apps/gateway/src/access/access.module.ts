import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';

import { AdmissionModule } from '../admission/admission.module.js';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { AccessGuard } from './access.guard.js';
import { ApiKeyStrategy } from './api-key.strategy.js';
import { PolicyCheck } from './policy-check.js';

@Module({
  imports: [AdmissionModule, ApiKeysModule, DiscoveryModule, PassportModule],
  providers: [ApiKeyStrategy, PolicyCheck, { provide: APP_GUARD, useClass: AccessGuard }],
})
export class AccessModule {}
