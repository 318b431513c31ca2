import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import {
  beginCredentialConsent,
  createCredential,
  deleteCredential,
  endCredentialConsent,
  getCredential,
  listCredentials,
  listCredentialUses,
  testCredential,
  testDraftCredential,
  updateCredential,
} from './credentials.operations.js';
import { CredentialsQueries } from './credentials.queries.js';
import { CredentialsService } from './credentials.service.js';

@Controller()
export class CredentialsController {
  constructor(
    private readonly queries: CredentialsQueries,
    private readonly service: CredentialsService,
  ) {}

  @Operation(listCredentials)
  list(@Call() { query }: CallOf<typeof listCredentials>) {
    return this.queries.list(query);
  }

  @Operation(getCredential)
  get(@Call() { params }: CallOf<typeof getCredential>) {
    return this.queries.get(params.id);
  }

  @Operation(createCredential)
  create(@Call() call: CallOf<typeof createCredential>) {
    return this.service.create(call.body, call);
  }

  @Operation(updateCredential)
  update(@Call() call: CallOf<typeof updateCredential>) {
    return this.service.update(call.params.id, call.body, call);
  }

  @Operation(deleteCredential)
  delete(@Call() call: CallOf<typeof deleteCredential>) {
    return this.service.delete(call.params.id, call);
  }

  @Operation(testCredential)
  test(@Call() call: CallOf<typeof testCredential>) {
    return this.service.test(call.params.id, call.body, call);
  }

  @Operation(testDraftCredential)
  testDraft(@Call() call: CallOf<typeof testDraftCredential>) {
    return this.service.testDraft(call.body, call);
  }

  @Operation(listCredentialUses)
  uses(@Call() { params }: CallOf<typeof listCredentialUses>) {
    return this.queries.uses(params.id);
  }

  @Operation(beginCredentialConsent)
  beginConsent(@Call() call: CallOf<typeof beginCredentialConsent>) {
    return this.service.beginConsent(call.params.id, call);
  }

  @Operation(endCredentialConsent)
  endConsent(@Call() call: CallOf<typeof endCredentialConsent>) {
    return this.service.endConsent(call.body, call);
  }
}
