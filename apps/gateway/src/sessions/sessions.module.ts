import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';

import { OperatorsModule } from '../operators/operators.module.js';
import { AccountDigest } from './account-digest.js';
import { LocalStrategy } from './local.strategy.js';
import { PasswordLinkRequestsRepository } from './password-link-requests.repository.js';
import { PasswordLinks } from './password-links.service.js';
import { PasswordSignIn } from './password-sign-in.service.js';
import { SessionStrategy } from './session.strategy.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { SignInFailuresRepository } from './sign-in-failures.repository.js';
import { SignInLimits } from './sign-in-limits.js';

@Module({
  imports: [OperatorsModule, PassportModule],
  controllers: [SessionsController],
  providers: [
    AccountDigest,
    LocalStrategy,
    PasswordLinkRequestsRepository,
    PasswordLinks,
    PasswordSignIn,
    SessionsService,
    SessionStrategy,
    SignInFailuresRepository,
    SignInLimits,
  ],
  exports: [SessionsService, SignInLimits],
})
export class SessionsModule {}
