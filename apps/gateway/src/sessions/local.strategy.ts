import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { OperatorDocument } from '@rollcall/collections';
import { Strategy } from 'passport-local';

import { type LocalSignIn, PasswordSignIn } from './password-sign-in.service.js';

/** Passport strategy: who has this address and this password? `false` when nobody has. */
@Injectable()
export class LocalStrategy extends PassportStrategy(Strategy, 'local') {
  constructor(private readonly passwords: PasswordSignIn) {
    super({ usernameField: 'email', passReqToCallback: true });
  }

  async validate({ network }: LocalSignIn, email: string, password: string): Promise<OperatorDocument | false> {
    return (await this.passwords.check({ email, password }, network)) ?? false;
  }
}
