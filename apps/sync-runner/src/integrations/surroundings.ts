import type { IntegrationDocument } from '@rollcall/collections';
import { connectors } from '@rollcall/connectors';

import type { IntegrationsRepository, Session } from './integrations.repository.js';
import type { Surroundings } from './readiness.js';

/** What the others publish that a run of the integration needs, as it is now. */
export async function surroundingsOf(
  repository: IntegrationsRepository,
  integration: IntegrationDocument,
  session?: Session,
): Promise<Surroundings> {
  const { connector, credential } = integration;
  const manifest = Object.hasOwn(connectors, connector) ? connectors[connector]!.manifest : null;
  const chosen = integration.app ?? manifest?.app.catalogueId;
  const app = chosen === undefined ? null : await repository.findApp(chosen, session);
  const { version, properties, unmappedRequired } = await repository.newestMapping(integration._id, session);
  return {
    manifest,
    credential: credential === null ? null : await repository.findCredential(credential, session),
    mappingVersion: version,
    mappedProperties: properties,
    unmappedRequired,
    app: app?._id ?? null,
  };
}
