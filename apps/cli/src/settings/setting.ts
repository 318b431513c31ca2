import type { ServiceName } from '@rollcall/contracts';

/** A setting as a person meets it, in the file of settings or in the environment. */
export interface Setting {
  readonly name: string;
  readonly description: string;
  /** As it would be written; null when there is none. */
  readonly fallback: string | null;
  /** Its value is never shown. */
  readonly isSecret?: boolean;
  /** Of a setting that no service checks: what is wrong with a value, and null where nothing is. */
  readonly fault?: (value: string) => string | null;
}

export interface ServiceSetting extends Setting {
  readonly services: readonly ServiceName[];
  /** What values it takes, in words. */
  readonly values: string;
}
