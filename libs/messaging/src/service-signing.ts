import type { ServiceName } from '@rollcall/contracts';

/** What messages need of keys; `@rollcall/secrets` has the implementations, wired up by `@rollcall/service`. */
export interface ServiceSigning {
  /** Whose private key this is. */
  readonly service: ServiceName;
  /** Ed25519 signature of this service over the exact bytes, base64url. */
  sign(bytes: Buffer): string;
  verify(service: string, bytes: Buffer, signature: string): boolean;
  /** Whether the public key of a service is there. */
  knows(service: ServiceName): boolean;
  /** Keyed digest, base64url: a body cannot be guessed from it (F5). */
  digest(...parts: string[]): string;
}
