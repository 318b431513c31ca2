import { type Connector, parseTemplate, presetProblems } from '@rollcall/connector-kit';
import { type ApiBlock, isDestructive, type Preset, type WorkflowDefinition } from '@rollcall/contracts';

import { appOfVariable, isOfAccount, isTriggerOfPeople, variablesOf } from './known-variables.js';

export interface Fault {
  /** Block it belongs to; null for the Begin block and the whole. */
  readonly block: string | null;
  readonly code: FaultCode;
  readonly message: string;
}

export type FaultCode =
  | 'app-missing'
  | 'app-unknown'
  | 'app-not-wanted'
  | 'block-repeated'
  | 'connector-unknown'
  | 'preset-unknown'
  | 'credential-unknown'
  | 'credential-of-other-connector'
  | 'input-invalid'
  | 'target-is-fixed'
  | 'target-of-other-vendor';

/** What the installation has at this moment. */
export interface Surroundings {
  readonly connectors: Readonly<Record<string, Connector>>;
  readonly apps: ReadonlyMap<string, { readonly connector: string | null }>;
  readonly fields: ReadonlySet<string>;
  /** Those of them that hold values of runs only. */
  readonly tracked: ReadonlySet<string>;
  readonly credentials: ReadonlyMap<string, { readonly connector: string }>;
}

/** Every fault of a definition (R104); empty = it may be saved and activated. */
export function validateDefinition(definition: WorkflowDefinition, around: Surroundings): Fault[] {
  return [
    ...beginFaults(definition, around),
    ...repeatedBlocks(definition),
    ...definition.blocks.flatMap((block) => blockFaults(block, definition, around)),
  ];
}

function beginFaults({ begin }: WorkflowDefinition, { apps }: Surroundings): Fault[] {
  const fault = (code: FaultCode, message: string): Fault[] => [{ block: null, code, message }];
  if (isTriggerOfPeople(begin.trigger)) {
    if (begin.app === null) return [];
    return fault('app-not-wanted', 'Begin: a trigger of people has no app. Remove the app.');
  }
  if (begin.app === null) return fault('app-missing', 'Begin: choose the app whose SaaS users start the workflow.');
  if (apps.has(begin.app)) return [];
  return fault('app-unknown', `Begin: there is no app "${begin.app}". Choose one of Software > SaaS.`);
}

function repeatedBlocks({ blocks }: WorkflowDefinition): Fault[] {
  const ids = blocks.map(({ id }) => id);
  const repeated = new Set(ids.filter((id, position) => ids.indexOf(id) !== position));
  return [...repeated].map((block) => ({
    block,
    code: 'block-repeated',
    message: `Two blocks have the id "${block}". Give each its own.`,
  }));
}

function blockFaults(block: ApiBlock, definition: WorkflowDefinition, around: Surroundings): Fault[] {
  const fault = (code: FaultCode, message: string): Fault => ({ block: block.id, code, message });
  const faults = credentialFaults(block, around, fault);
  const connector = ownValue(around.connectors, block.connector);
  if (!connector) {
    return [fault('connector-unknown', `Block ${block.id}: there is no connector "${block.connector}".`), ...faults];
  }
  const preset = connector.manifest.presets.find(({ id }) => id === block.preset);
  if (!preset) {
    const message = `Block ${block.id}: ${connector.manifest.name} has no preset "${block.preset}". Choose one of its list.`;
    return [fault('preset-unknown', message), ...faults];
  }
  const isKnown = variablesOf(definition.begin.trigger, around);
  const problems = presetProblems(preset, block.inputs, isKnown);
  return [
    ...faults,
    ...problems.map((problem) => fault('input-invalid', `Block ${block.id}: ${problem}`)),
    ...(problems.length === 0 ? trackedFaults(block, preset, definition, around) : []),
    ...(problems.length === 0 && isDestructive(preset.effect) ? targetFaults(block, preset, definition, around) : []),
  ];
}

function credentialFaults(
  block: ApiBlock,
  around: Surroundings,
  fault: (code: FaultCode, message: string) => Fault,
): Fault[] {
  const credential = around.credentials.get(block.credential);
  if (!credential) {
    return [fault('credential-unknown', `Block ${block.id}: choose a credential; the one it names does not exist.`)];
  }
  if (credential.connector === block.connector) return [];
  const message = `Block ${block.id}: its credential belongs to another connector. Choose one of ${block.connector}.`;
  return [fault('credential-of-other-connector', message)];
}

/** A step finds no value of a run, so every run would be refused. */
function trackedFaults(
  block: ApiBlock,
  preset: Preset,
  { begin }: WorkflowDefinition,
  { tracked }: Surroundings,
): Fault[] {
  const isOwn = isOfAccount(begin.trigger);
  const names = preset.inputs.flatMap((input) => variableNames(templateOf(input, block)));
  return [...new Set(names)]
    .filter((name) => tracked.has(name) && !isOwn(name))
    .map((name) => ({
      block: block.id,
      code: 'input-invalid' as const,
      message:
        `Block ${block.id}: {{${name}}} is mapped to a value of the run (the sync time or the credential name), which ` +
        'is kept apart from people, so no step can send it. Use another field, or map this one to a value of the vendor.',
    }));
}

/**
 * Whom a destructive block hits must follow from the record: a literal would hit the same user at every run, and the
 * id of the record means nothing to another vendor (G6).
 */
function targetFaults(block: ApiBlock, preset: Preset, { begin }: WorkflowDefinition, { apps }: Surroundings): Fault[] {
  const recordConnector = begin.app === null ? null : (apps.get(begin.app)?.connector ?? null);
  const fault = (code: FaultCode, message: string): Fault => ({ block: block.id, code, message });
  return preset.inputs
    .filter(({ required }) => required)
    .flatMap((input) => {
      const names = variableNames(templateOf(input, block));
      if (names.length === 0) {
        const message = `Block ${block.id}: "${input.label}" names one fixed user. Use a variable of the record.`;
        return [fault('target-is-fixed', message)];
      }
      if (names.every((name) => isOfVendor(name, block.connector, recordConnector, apps))) return [];
      const message =
        `Block ${block.id}: "${input.label}" does not name a user of ${block.connector}. ` +
        'Use {{accounts.<app>.id}} with an app of that vendor, or a field that holds the id.';
      return [fault('target-of-other-vendor', message)];
    });
}

function isOfVendor(
  name: string,
  connector: string,
  recordConnector: string | null,
  apps: Surroundings['apps'],
): boolean {
  const app = appOfVariable(name);
  if (app !== null) return apps.get(app)?.connector === connector;
  return name !== 'vendor_id' || recordConnector === connector;
}

export function templateOf(input: Preset['inputs'][number], block: ApiBlock): string {
  return ownValue(block.inputs, input.name) ?? input.default ?? '';
}

export function variableNames(template: string): string[] {
  return parseTemplate(template).flatMap((part) => ('name' in part ? [part.name] : []));
}

function ownValue<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
