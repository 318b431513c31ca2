import { Module } from '@nestjs/common';

import { OperatorsModule } from '../operators/operators.module.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysQueries } from './api-keys.queries.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { ApiKeysService } from './api-keys.service.js';
import { KeyOwners } from './key-owners.service.js';
import { OwnApiKeysController } from './own-api-keys.controller.js';
import { OwnApiKeysService } from './own-api-keys.service.js';

@Module({
  imports: [OperatorsModule],
  controllers: [ApiKeysController, OwnApiKeysController],
  providers: [ApiKeysQueries, ApiKeysRepository, ApiKeysService, KeyOwners, OwnApiKeysService],
  exports: [ApiKeysService],
})
export class ApiKeysModule {}
