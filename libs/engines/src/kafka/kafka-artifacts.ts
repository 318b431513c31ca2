import { readFileSync } from 'node:fs';

import { z } from 'zod';

export const KAFKA_VERSION = '4.3.1';

const artifactShape = z.object({
  group: z.string(),
  artifact: z.string(),
  version: z.string(),
  bytes: z.number(),
  sha256: z.string().length(64),
});

export type KafkaArtifact = z.infer<typeof artifactShape>;

/** The runtime scope of kafka_2.13 and the logging binding, as Maven resolved it, with the checksums seen then. */
export const KAFKA_ARTIFACTS: readonly KafkaArtifact[] = z
  .array(artifactShape)
  .parse(JSON.parse(readFileSync(new URL('../../data/kafka-artifacts.json', import.meta.url), 'utf8')));

/** What a project file must name so that Maven resolves the same set. Kafka's jars bring no logging binding. */
export const KAFKA_ROOTS = KAFKA_ARTIFACTS.filter(({ artifact }) =>
  ['kafka_2.13', 'log4j-slf4j-impl', 'log4j-1.2-api'].includes(artifact),
);

export const jarName = ({ artifact, version }: KafkaArtifact): string => `${artifact}-${version}.jar`;

/** Path below a repository's address (Maven 2 layout). */
export const jarPath = (entry: KafkaArtifact): string =>
  `${entry.group.replaceAll('.', '/')}/${entry.artifact}/${entry.version}/${jarName(entry)}`;
