import { fillTemplate, type RenderedCall, renderPreset, type TemplateVariables } from '@rollcall/connector-kit';
import { isDestructive, type Preset } from '@rollcall/contracts';

import { templateOf, variableNames } from '../workflows/validate-definition.js';
import type { Step, Subject } from './step.js';
import { refuseAmbiguousAccounts, variablesFor } from './variables.js';

export interface RenderedStep {
  readonly call: RenderedCall;
  /** Values of the required inputs: by one of these the vendor finds the user. */
  readonly names: readonly string[];
  /** Variables that the required inputs look up. */
  readonly variables: readonly string[];
}

/** Fills the preset for the record as it is now. @throws TemplateError: the step is refused, nothing is sent (R119) */
export function renderStep({ block, preset }: Step, subject: Subject): RenderedStep {
  const templates = requiredTemplates(preset, block);
  const lookedUp = templates.flatMap(variableNames);
  refuseAmbiguousAccounts(lookedUp, subject);
  const variables: TemplateVariables = variablesFor(subject);
  return {
    call: renderPreset(preset, block.inputs, variables),
    names: templates.map((template) => fillTemplate(template, variables)),
    variables: lookedUp,
  };
}

function requiredTemplates(preset: Preset, block: Step['block']): string[] {
  return preset.inputs.filter(({ required }) => required).map((input) => templateOf(input, block));
}

export function actsDestructively({ preset }: Pick<Step, 'preset'>): boolean {
  return isDestructive(preset.effect);
}
