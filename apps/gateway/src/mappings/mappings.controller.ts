import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import {
  createPeopleField,
  evaluateIntegrationMapping,
  getIntegrationMapping,
  getPeopleField,
  listMappingVersions,
  listPeopleFields,
  suggestIntegrationMapping,
  updateIntegrationMapping,
  updatePeopleField,
} from './mappings.operations.js';
import { MappingsQueries } from './mappings.queries.js';
import { MappingsService } from './mappings.service.js';

@Controller()
export class MappingsController {
  constructor(
    private readonly queries: MappingsQueries,
    private readonly service: MappingsService,
  ) {}

  @Operation(getIntegrationMapping)
  get(@Call() { params }: CallOf<typeof getIntegrationMapping>) {
    return this.queries.newest(params.id);
  }

  @Operation(listMappingVersions)
  versions(@Call() { params, query }: CallOf<typeof listMappingVersions>) {
    return this.queries.versions(params.id, query);
  }

  @Operation(updateIntegrationMapping)
  update(@Call() call: CallOf<typeof updateIntegrationMapping>) {
    return this.service.update(call.params.id, call.body, call);
  }

  @Operation(suggestIntegrationMapping)
  suggest(@Call() { params }: CallOf<typeof suggestIntegrationMapping>) {
    return this.queries.suggestions(params.id);
  }

  @Operation(evaluateIntegrationMapping)
  evaluate(@Call() call: CallOf<typeof evaluateIntegrationMapping>) {
    return this.service.evaluate(call.params.id, call.body, call);
  }

  @Operation(listPeopleFields)
  fields() {
    return this.queries.fields();
  }

  @Operation(getPeopleField)
  field(@Call() { params }: CallOf<typeof getPeopleField>) {
    return this.queries.field(params.variable);
  }

  @Operation(createPeopleField)
  createField(@Call() call: CallOf<typeof createPeopleField>) {
    return this.service.createField(call.body, call);
  }

  @Operation(updatePeopleField)
  updateField(@Call() call: CallOf<typeof updatePeopleField>) {
    return this.service.updateField(call.params.variable, call.body, call);
  }
}
