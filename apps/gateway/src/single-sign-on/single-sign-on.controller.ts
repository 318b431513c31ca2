import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import { LinkMails } from '../operators/link-mails.service.js';
import { beginSingleSignOn, endSingleSignOn, getSignInMethods } from './single-sign-on.operations.js';
import { SingleSignOn } from './single-sign-on.service.js';

@Controller()
export class SingleSignOnController {
  constructor(
    private readonly singleSignOn: SingleSignOn,
    private readonly links: LinkMails,
  ) {}

  @Operation(getSignInMethods)
  async methods(@Call() _: CallOf<typeof getSignInMethods>) {
    return { password: true, passwordLink: await this.links.canSend(), singleSignOn: this.singleSignOn.entry };
  }

  @Operation(beginSingleSignOn)
  begin(@Call() _: CallOf<typeof beginSingleSignOn>) {
    return this.singleSignOn.begin();
  }

  @Operation(endSingleSignOn)
  end(@Call() { query, client }: CallOf<typeof endSingleSignOn>) {
    return this.singleSignOn.end(query, client);
  }
}
