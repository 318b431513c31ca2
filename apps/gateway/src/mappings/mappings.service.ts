import { Injectable } from '@nestjs/common';
import {
  createField,
  type CreateFieldBody,
  evaluateMapping,
  type EvaluateMappingBody,
  type PeopleField,
  updateField,
  type UpdateFieldBody,
  updateMapping,
  type UpdateMappingBody,
} from '@rollcall/contracts';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { CallContext } from '../http/operation.js';

const fieldOf = ({ field }: { field: PeopleField }) => field;

@Injectable()
export class MappingsService {
  constructor(private readonly commands: OwnerCommands) {}

  async update(integration: string, body: UpdateMappingBody, call: CallContext) {
    const input = { ...body, integration, ifVersion: call.ifVersion };
    return this.commands.send(updateMapping, call, { aggregate: integration, input, bodyOf: (result) => result });
  }

  async evaluate(integration: string, body: EvaluateMappingBody, call: CallContext) {
    const input = { ...body, integration };
    return this.commands.send(evaluateMapping, call, { aggregate: integration, input, bodyOf: (result) => result });
  }

  async createField(input: CreateFieldBody, call: CallContext) {
    return this.commands.send(createField, call, { aggregate: input.variable, input, bodyOf: fieldOf });
  }

  async updateField(variable: string, body: UpdateFieldBody, call: CallContext) {
    return this.commands.send(updateField, call, {
      aggregate: variable,
      input: { variable, ...body },
      bodyOf: fieldOf,
    });
  }
}
