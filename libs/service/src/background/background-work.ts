import type { ServiceConfig } from '../service-config.js';

/** Milliseconds, or where in the configuration of the service they are. */
export type Period<Config extends ServiceConfig> = number | ((config: Config) => number);

export interface BackgroundWork {
  readonly kind: 'drains' | 'timed';
  readonly name: string;
  readonly period: Period<ServiceConfig>;
}

type Mark<Base> = <Step extends Base>(
  target: object,
  property: string | symbol,
  descriptor: TypedPropertyDescriptor<Step>,
) => void;

const works = new WeakMap<object, BackgroundWork>();

/**
 * Marks a provider's method that drains a queue: it is called from the start of the service to its end, one call after the
 * other, again at once while it returns true and otherwise after `idleMs`, or when `Background.wake` says that there is
 * something to do. Errors are logged, and the pause grows with each that follows another.
 */
export function Drains<Config extends ServiceConfig>(options: {
  readonly name: string;
  readonly idleMs: Period<Config>;
}): Mark<() => Promise<boolean>> {
  return marked({ kind: 'drains', name: options.name, period: options.idleMs as Period<ServiceConfig> });
}

/**
 * Marks a provider's method that happens by the clock: at the start of the service and then every `everyMs`, by an interval
 * of @nestjs/schedule. A time that comes while a call is under way is passed over, and so are some after errors. A method
 * that returns true is called again at once. `Background.wake` works here too.
 */
export function EveryInterval<Config extends ServiceConfig>(
  name: string,
  everyMs: Period<Config>,
): Mark<() => Promise<boolean> | Promise<void>> {
  return marked({ kind: 'timed', name, period: everyMs as Period<ServiceConfig> });
}

export function backgroundWorkOf(method: unknown): BackgroundWork | null {
  return typeof method === 'function' ? (works.get(method) ?? null) : null;
}

function marked(work: BackgroundWork): Mark<object> {
  return (_target, _property, descriptor) => void works.set(descriptor.value!, work);
}
