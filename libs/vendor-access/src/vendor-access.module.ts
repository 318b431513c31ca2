import { type DynamicModule, Module } from '@nestjs/common';
import { Databases } from '@rollcall/collections';
import { CommandSender } from '@rollcall/messaging';
import { CONFIG } from '@rollcall/service';

import { KeptLeases } from './kept-leases.js';
import { type LeaseHolder, VaultLeases } from './vault-leases.js';
import { VendorAccess } from './vendor-access.js';
import type { VendorAccessSettings } from './vendor-access-settings.js';
import { VendorEgress } from './vendor-egress.js';

/** Gives a service `VaultLeases`, `KeptLeases` and `VendorAccess`, on the infrastructure and settings that it has. */
@Module({})
export class VendorAccessModule {
  static for<Config extends VendorAccessSettings>(holderOf: (config: Config) => LeaseHolder): DynamicModule {
    return {
      module: VendorAccessModule,
      providers: [
        {
          provide: VaultLeases,
          inject: [CommandSender, CONFIG],
          useFactory: (sender: CommandSender, config: Config) => new VaultLeases(sender, holderOf(config)),
        },
        {
          provide: KeptLeases,
          inject: [VaultLeases],
          useFactory: (leases: VaultLeases) => new KeptLeases(leases),
        },
        {
          provide: VendorEgress,
          inject: [Databases, CONFIG],
          useFactory: (databases: Databases, config: Config) => new VendorEgress(databases, config),
        },
        {
          provide: VendorAccess,
          inject: [VendorEgress],
          useFactory: (egress: VendorEgress) => new VendorAccess(egress),
        },
      ],
      exports: [VaultLeases, KeptLeases, VendorAccess],
    };
  }
}
