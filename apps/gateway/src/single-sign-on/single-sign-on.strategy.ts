import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { OperatorDocument } from '@rollcall/collections';
import { Strategy } from 'passport-custom';

import { type ProviderAnswer, SingleSignOn } from './single-sign-on.service.js';

/** Passport strategy: whom does the identity provider send? `false` for somebody who is not let in here. */
@Injectable()
export class SingleSignOnStrategy extends PassportStrategy(Strategy, 'single-sign-on') {
  constructor(private readonly singleSignOn: SingleSignOn) {
    super();
  }

  async validate(input: unknown): Promise<OperatorDocument | false> {
    return (await this.singleSignOn.operatorOf(input as ProviderAnswer)) ?? false;
  }
}
