import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import { PasswordLinks } from './password-links.service.js';
import { PasswordSignIn } from './password-sign-in.service.js';
import {
  changePassword,
  getSession,
  redeemOperatorLink,
  refreshSession,
  requestPasswordLink,
  signIn,
  signOut,
} from './sessions.operations.js';
import { SessionsService } from './sessions.service.js';

@Controller()
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordSignIn,
    private readonly links: PasswordLinks,
  ) {}

  @Operation(getSession)
  get(@Call() { caller }: CallOf<typeof getSession>) {
    return this.sessions.view(caller);
  }

  @Operation(signIn)
  signIn(@Call() { body, client }: CallOf<typeof signIn>) {
    return this.passwords.signIn(body, client);
  }

  @Operation(refreshSession)
  refresh(@Call() { client }: CallOf<typeof refreshSession>) {
    return this.sessions.refresh(client);
  }

  @Operation(signOut)
  signOut(@Call() { client }: CallOf<typeof signOut>) {
    return this.sessions.end(client);
  }

  @Operation(changePassword)
  changePassword(@Call() { body, caller, client }: CallOf<typeof changePassword>) {
    return this.passwords.change(body, caller, client);
  }

  @Operation(requestPasswordLink)
  requestLink(@Call() call: CallOf<typeof requestPasswordLink>) {
    return this.links.request(call.body, call);
  }

  @Operation(redeemOperatorLink)
  redeem(@Call() { body, client }: CallOf<typeof redeemOperatorLink>) {
    return this.passwords.redeem(body, client);
  }
}
