import assert from 'node:assert/strict';

import { builtInFields, connectorManifestSchema, isDestructive } from '@rollcall/contracts';

import { type Connector } from '../connector.js';
import { presetProblems } from '../render-preset.js';

interface ManifestCase {
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** What a manifest must hold so that the catalogue, the forms and the first run work without knowing the vendor. */
export function manifestCases({ manifest }: Connector): ManifestCase[] {
  const checks: [string, () => void][] = [
    ['has a manifest that fits the schema', () => void connectorManifestSchema.parse(manifest)],
    [
      'maps the mandatory fields by default and syncs by a unique one',
      () => {
        const { entries, newFields, syncKeys } = manifest.defaultMapping;
        const fields = [...builtInFields, ...newFields];
        const mapped = new Set(entries.map(({ to }) => to));
        for (const field of builtInFields.filter(({ required }) => required)) assert.ok(mapped.has(field.variable));
        for (const variable of mapped) assert.ok(fields.some((field) => field.variable === variable));
        for (const key of syncKeys) assert.ok(fields.some((field) => field.variable === key && field.unique));
      },
    ],
    [
      'says where each secret is found at the vendor, with a link',
      () => {
        for (const { type, inputs } of manifest.authSchemes) {
          const secrets = inputs.filter(({ secret, fromVendor }) => secret && !fromVendor);
          for (const { name, foundAt } of secrets) assert.ok(foundAt, `nothing says where ${name} of ${type} is found`);
          assert.ok(secrets.length === 0 || secrets.some(({ foundAt }) => foundAt?.url), `${type} has no link`);
        }
      },
    ],
    [
      'has one label and one path per field',
      () => {
        for (const key of ['label', 'path'] as const) {
          assert.equal(new Set(manifest.fields.map((field) => field[key])).size, manifest.fields.length);
        }
      },
    ],
    [
      'has presets whose templates are sound',
      () => {
        for (const preset of manifest.presets) {
          const required = preset.inputs.filter((input) => input.required && input.default === null);
          const inputs = Object.fromEntries(required.map(({ name }) => [name, 'example']));
          assert.deepEqual(presetProblems(preset, inputs), []);
        }
      },
    ],
    [
      'has destructive presets that never call a server error done',
      () => {
        for (const preset of manifest.presets.filter(({ effect }) => isDestructive(effect))) {
          const done = preset.rules.filter(({ outcome }) => outcome === 'done');
          assert.ok(done.length > 0);
          for (const rule of done) assert.ok((rule.status ?? []).every((status) => status < 300) && rule.status);
        }
      },
    ],
  ];
  return checks.map(([title, check]) => ({
    title,
    run: async () => {
      await Promise.resolve();
      check();
    },
  }));
}
