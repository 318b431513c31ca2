import { Global, Module } from '@nestjs/common';
import { connectors } from '@rollcall/connectors';

import { CONNECTORS } from './connectors.js';

@Global()
@Module({
  providers: [{ provide: CONNECTORS, useValue: connectors }],
  exports: [CONNECTORS],
})
export class VendorsModule {}
