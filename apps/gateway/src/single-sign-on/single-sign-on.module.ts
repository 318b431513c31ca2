import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';

import { OperatorsModule } from '../operators/operators.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { IdentityProvider } from './identity-provider.js';
import { SingleSignOnController } from './single-sign-on.controller.js';
import { SingleSignOn } from './single-sign-on.service.js';
import { SingleSignOnStrategy } from './single-sign-on.strategy.js';

@Module({
  imports: [OperatorsModule, PassportModule, SessionsModule],
  controllers: [SingleSignOnController],
  providers: [IdentityProvider, SingleSignOn, SingleSignOnStrategy],
})
export class SingleSignOnModule {}
