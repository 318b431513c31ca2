import { type DynamicModule, Module } from '@nestjs/common';
import { manifests } from '@rollcall/connectors/manifests';
import type { ConnectorManifest } from '@rollcall/contracts';

/** What the vault needs of a manifest: which secrets a credential has and which host it belongs to. */
export type Manifest = Pick<ConnectorManifest, 'id' | 'baseUrl' | 'authSchemes'>;
export type Manifests = Readonly<Record<string, Manifest>>;
export const MANIFESTS = Symbol('manifests');

@Module({})
export class ManifestsModule {
  static of(known: Manifests = manifests): DynamicModule {
    return {
      module: ManifestsModule,
      global: true,
      providers: [{ provide: MANIFESTS, useValue: known }],
      exports: [MANIFESTS],
    };
  }
}
