import { Module } from '@nestjs/common';

import { CommandsModule } from '../commands/commands.module.js';
import { EncryptionKeysController } from './encryption-keys.controller.js';
import { EncryptionKeysQueries } from './encryption-keys.queries.js';
import { EncryptionKeysService } from './encryption-keys.service.js';

@Module({
  imports: [CommandsModule],
  controllers: [EncryptionKeysController],
  providers: [EncryptionKeysQueries, EncryptionKeysService],
})
export class EncryptionKeysModule {}
