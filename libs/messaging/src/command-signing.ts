/** What commands need of keys; `@rollcall/secrets` has the implementations, wired up by `@rollcall/service`. */
export interface CommandSigning {
  /** Ed25519 signature of this service over the exact bytes, base64url. */
  sign(bytes: Buffer): string;
  verify(service: string, bytes: Buffer, signature: string): boolean;
  /** Keyed digest, base64url: a body cannot be guessed from it (F5). */
  digest(...parts: string[]): string;
}
