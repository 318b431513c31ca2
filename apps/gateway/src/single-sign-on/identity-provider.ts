import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { errorText } from '@rollcall/contracts';
import { ConfiguredHost, EgressClient } from '@rollcall/egress';
import type { Logger } from '@rollcall/observability';
import { unwrapSecret } from '@rollcall/secrets';
import { CONFIG, LOGGER } from '@rollcall/service';
import * as oidc from 'openid-client';

import type { GatewayConfig } from '../config.js';
import { GatewayError } from '../gateway.errors.js';

const timeoutMs = 10_000;
const maxBytes = 1024 * 1024;

/** Where the identity provider sends browsers back to. */
export const callbackPath = '/api/v1/session/single-sign-on/callback';

/** What a browser takes along while it is at the identity provider. */
export interface Errand {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** What the identity provider says about somebody, checked. */
export interface Identity {
  /** `<issuer> <subject>`: stays the same when name and address change. */
  readonly subject: string;
  /** Null unless the provider says that it is theirs. */
  readonly email: string | null;
  readonly name: string | null;
  readonly groups: readonly string[];
}

/** The identity provider of the settings (OpenID Connect, authorization code with PKCE). */
@Injectable()
export class IdentityProvider implements OnApplicationShutdown {
  /** The provider itself, which may be in a private network. */
  private readonly host: ConfiguredHost | null;
  /** Where else it says that tokens and keys are to be had. */
  private readonly elsewhere = EgressClient.create({ allowedHosts: [] });
  private configuration: Promise<oidc.Configuration> | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.host = config.OIDC_ISSUER === undefined ? null : new ConfiguredHost({ baseUrl: config.OIDC_ISSUER });
  }

  get isConfigured(): boolean {
    return this.config.OIDC_ISSUER !== undefined;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.host?.close();
    await this.elsewhere.close();
  }

  /** Where to send a browser, and what it has to take along. */
  async begin(): Promise<{ url: string; errand: Errand }> {
    const configuration = await this.configured();
    const errand = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() };
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: this.redirectUri,
      scope: this.config.OIDC_SCOPES,
      code_challenge: await oidc.calculatePKCECodeChallenge(errand.verifier),
      code_challenge_method: 'S256',
      state: errand.state,
      nonce: errand.nonce,
    });
    return { url: url.toString(), errand };
  }

  /**
   * Exchanges what the browser brings for an identity. Signature, issuer, audience, times, nonce and state are checked.
   * @throws GatewayError sign-in-refused, provider-unavailable
   */
  async identify(answer: Readonly<Record<string, unknown>>, { state, nonce, verifier }: Errand): Promise<Identity> {
    const configuration = await this.configured();
    const url = new URL(this.redirectUri);
    for (const [name, value] of Object.entries(answer))
      if (typeof value === 'string') url.searchParams.set(name, value);
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, url, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      return this.identityOf(tokens.claims()!);
    } catch (error) {
      throw this.refusalOf(error);
    }
  }

  private identityOf(claims: oidc.IDToken): Identity {
    const groups = claims[this.config.OIDC_GROUPS_CLAIM];
    return {
      subject: `${claims.iss} ${claims.sub}`,
      email: claims['email_verified'] === true ? textOf(claims['email']) : null,
      name: textOf(claims['name']),
      groups: Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [],
    };
  }

  /** Asked once; after a failure again by whoever comes next. */
  private configured(): Promise<oidc.Configuration> {
    this.configuration ??= this.discover().catch((error: unknown) => {
      this.configuration = null;
      throw this.unavailable(error);
    });
    return this.configuration;
  }

  private async discover(): Promise<oidc.Configuration> {
    const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = this.config;
    if (OIDC_ISSUER === undefined) {
      throw new GatewayError(
        'single-sign-on-off',
        'No identity provider is configured here. Sign in with e-mail address and password, or set OIDC_ISSUER.',
      );
    }
    const secret = unwrapSecret(OIDC_CLIENT_SECRET!);
    return oidc.discovery(new URL(OIDC_ISSUER), OIDC_CLIENT_ID!, secret, oidc.ClientSecretPost(secret), {
      [oidc.customFetch]: (url, options) => this.fetch(url, options),
      // Otherwise the library takes an identity token that came over TLS without looking at its signature.
      execute: [
        oidc.enableNonRepudiationChecks,
        ...(OIDC_ISSUER.startsWith('http:') ? [oidc.allowInsecureRequests] : []),
      ],
    });
  }

  private async fetch(url: string, { method, headers, body }: oidc.CustomFetchOptions): Promise<Response> {
    const text = body === null || body === undefined ? undefined : String(body);
    const sent = { headers: Object.fromEntries(new Headers(headers)), ...(text !== undefined && { body: text }) };
    const answer = await this.ask(new URL(url), method === 'POST' ? 'POST' : 'GET', sent);
    return new Response([204, 304].includes(answer.status) ? null : answer.text, answer);
  }

  private ask(url: URL, method: 'GET' | 'POST', sent: { headers: Record<string, string>; body?: string }) {
    if (this.host?.origin === url.origin) {
      return this.host.request({ method, path: `${url.pathname}${url.search}`, ...sent });
    }
    const client = this.elsewhere.withHosts([url.hostname]);
    return client.request({ method, url: url.toString(), ...sent, timeoutMs, maxBytes });
  }

  private get redirectUri(): string {
    return new URL(callbackPath, this.config.ROLLCALL_PUBLIC_URL).toString();
  }

  /** What went wrong is for the log: whoever signs in may be an attacker who tries what is accepted. */
  private refusalOf(error: unknown): GatewayError {
    if (error instanceof oidc.AuthorizationResponseError) {
      return refused(`the identity provider refused it (${error.error})`);
    }
    if (isOutOfReach(error)) return this.unavailable(error);
    this.logger.warn(`a sign-in by single sign-on was refused: ${errorText(error)}`, {
      cause: errorText(causeOf(error)),
    });
    return refused('the answer of the identity provider is not valid');
  }

  private unavailable(error: unknown): GatewayError {
    if (error instanceof GatewayError) return error;
    this.logger.warn(`the identity provider cannot be used: ${errorText(error)}`, { cause: errorText(causeOf(error)) });
    return new GatewayError(
      'provider-unavailable',
      'The identity provider does not answer as it should. Try again in a minute; the log of the gateway says what is wrong, and whoever has a password can use it meanwhile.',
    );
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value.length <= 254 ? value : null);

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined);

/** The way out reports it as an error with a reason of its own, which the library wraps. */
function isOutOfReach(error: unknown): boolean {
  const cause = causeOf(error);
  return cause instanceof Error && cause.name === 'EgressError';
}

const refused = (why: string): GatewayError =>
  new GatewayError(
    'sign-in-refused',
    `Single sign-on did not succeed: ${why}. Start again from the sign-in page; if it stays, ask an administrator.`,
  );
