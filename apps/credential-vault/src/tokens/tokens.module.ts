import { Module } from '@nestjs/common';

import { KeysModule } from '../keys/keys.module.js';
import { UseLogModule } from '../use-log/use-log.module.js';
import { TokenEndpoint } from './token-endpoint.js';
import { TokensRepository } from './tokens.repository.js';
import { TokensService } from './tokens.service.js';

@Module({
  imports: [KeysModule, UseLogModule],
  providers: [TokenEndpoint, TokensRepository, TokensService],
  exports: [TokenEndpoint, TokensService],
})
export class TokensModule {}
