import { Global, Module, type DynamicModule } from '@nestjs/common';

import { WAY_OUT, type WayOut } from './way-out.js';

@Global()
@Module({})
export class WayOutModule {
  static of(wayOut: WayOut): DynamicModule {
    const provider = { provide: WAY_OUT, useValue: wayOut };
    return { module: WayOutModule, providers: [provider], exports: [provider] };
  }
}
