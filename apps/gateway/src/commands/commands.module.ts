import { Module } from '@nestjs/common';

import { OperationsRepository } from './operations.repository.js';
import { OwnerCommands } from './owner-commands.js';

@Module({ providers: [OwnerCommands, OperationsRepository], exports: [OwnerCommands, OperationsRepository] })
export class CommandsModule {}
