import { type ConnectorManifest, hasVisibleCharacter, type Input } from '@rollcall/contracts';

type Values = Readonly<Record<string, string>>;

/** The inputs that a load asks for (R56). */
export function inputsOfLoad(manifest: Pick<ConnectorManifest, 'inputs'>, load: string): readonly Input[] {
  return manifest.inputs.filter(({ loads }) => loads === undefined || loads.includes(load));
}

/** The inputs of a load as a connector gets them: what was left empty is what the manifest says it means. */
export function filledInputs(manifest: Pick<ConnectorManifest, 'inputs'>, load: string, given: Values): Values {
  const byDefault = inputsOfLoad(manifest, load).flatMap(({ name, default: value }) =>
    value === undefined || hasVisibleCharacter(given[name] ?? '') ? [] : [[name, value] as const],
  );
  return { ...given, ...Object.fromEntries(byDefault) };
}

/** Whether the vendor has a say in the inputs of this load (R59). */
export function isTriedAtVendor(manifest: Pick<ConnectorManifest, 'inputs'>, load: string): boolean {
  return inputsOfLoad(manifest, load).some(({ triedAtVendor }) => triedAtVendor === true);
}
