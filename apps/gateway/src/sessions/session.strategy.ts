import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy } from 'passport-custom';

import { readCookies } from '../http/cookies.js';
import { sendsKey } from '../http/key-of.js';
import type { Caller } from '../http/operation.js';
import { accessCookie } from './session-cookies.js';
import { SessionsService } from './sessions.service.js';

/** Passport strategy: who is signed in in the browser of a request? Whoever sends a key means the key. */
@Injectable()
export class SessionStrategy extends PassportStrategy(Strategy, 'session') {
  constructor(private readonly sessions: SessionsService) {
    super();
  }

  async validate(request: Request): Promise<Caller | false> {
    const token = readCookies(request.headers.cookie)[accessCookie];
    return token === undefined || sendsKey(request) ? false : ((await this.sessions.callerOf(token)) ?? false);
  }
}
