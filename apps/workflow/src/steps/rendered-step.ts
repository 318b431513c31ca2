import {
  fillTemplate,
  type RenderedCall,
  renderPreset,
  TemplateError,
  type TemplateVariables,
} from '@rollcall/connector-kit';
import { isDestructive, type Preset } from '@rollcall/contracts';

import type { VendorPlace } from '../vendors/vendor-places.service.js';
import { templateOf, variableNames } from '../workflows/validate-definition.js';
import type { Step, Subject } from './step.js';
import { refuseAmbiguousAccounts, variablesFor } from './variables.js';

export interface RenderedStep {
  readonly call: RenderedCall;
  /** Values of the required inputs: by one of these the vendor finds the user. */
  readonly names: readonly string[];
  /** Variables that the required inputs look up. */
  readonly variables: readonly string[];
  /** Inputs that say where at the vendor it acts: the block's own, or those of the integration. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** Fills the preset for the record as it is now. @throws TemplateError: the step is refused, nothing is sent (R119) */
export function renderStep(step: Step, subject: Subject, place: VendorPlace['inputs'] = {}): RenderedStep {
  const { block, preset } = step;
  const templates = requiredTemplates(preset, block);
  const lookedUp = templates.flatMap(variableNames);
  refuseAmbiguousAccounts(lookedUp, subject);
  const variables: TemplateVariables = variablesFor(subject);
  return {
    call: renderPreset(preset, { ...placeTemplates(step, place), ...block.inputs }, variables),
    names: templates.map((template) => fillTemplate(template, variables)),
    variables: lookedUp,
    inputs: { ...place, ...placeOfBlock(step, variables) },
  };
}

/** Optional inputs of the preset that the block leaves out and the integration knows: it must act where it asks. */
function placeTemplates({ preset }: Step, place: VendorPlace['inputs']): Record<string, string> {
  const open = preset.inputs.filter(({ name, required, default: byDefault }) => {
    return !required && byDefault === null && Object.hasOwn(place, name) && !place[name]!.includes('{{');
  });
  return Object.fromEntries(open.map(({ name }) => [name, place[name]!]));
}

/** What the block says itself of where it acts. */
function placeOfBlock({ block, connector }: Step, variables: TemplateVariables): Record<string, string> {
  const said = connector.manifest.inputs.flatMap(({ name, secret }) => {
    const template = secret || !Object.hasOwn(block.inputs, name) ? '' : block.inputs[name]!;
    const value = filledOrEmpty(template, variables).trim();
    return value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(said);
}

function requiredTemplates(preset: Preset, block: Step['block']): string[] {
  return preset.inputs.filter(({ required }) => required).map((input) => templateOf(input, block));
}

/** A place that the record does not know is none, as the preset leaves such an input out. */
function filledOrEmpty(template: string, variables: TemplateVariables): string {
  try {
    return fillTemplate(template, variables);
  } catch (error) {
    if (error instanceof TemplateError && error.code === 'template-value-missing') return '';
    throw error;
  }
}

export function actsDestructively({ preset }: Pick<Step, 'preset'>): boolean {
  return isDestructive(preset.effect);
}
