import { Module } from '@nestjs/common';

import { KeysModule } from '../keys/keys.module.js';
import { LeasesCommands } from './leases.commands.js';
import { LeasesRepository } from './leases.repository.js';
import { LeasesService } from './leases.service.js';

@Module({ imports: [KeysModule], providers: [LeasesCommands, LeasesService, LeasesRepository] })
export class LeasesModule {}
