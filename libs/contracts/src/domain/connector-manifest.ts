import { z } from 'zod';

import { defaultMappingSchema } from './mapping.js';
import { presetSchema, rolePresetSchema } from './preset.js';
import { schemaIds } from './schema-ids.js';
import { vendorDateFormatSchema } from './values.js';

const linkSchema = z.object({ label: z.string(), url: z.url() });
export type DocumentationLink = z.infer<typeof linkSchema>;

/** One input that a form asks for. Secret inputs are sealed to the vault and never read back. */
export const inputSchema = z.object({
  name: z.string().regex(/^[a-z][a-zA-Z0-9]*$/),
  label: z.string(),
  hint: z.string().optional(),
  /** Where somebody finds or makes the value at the vendor. Every secret of a connector says it. */
  foundAt: z.object({ text: z.string(), url: z.url().optional() }).optional(),
  secret: z.boolean(),
  required: z.boolean(),
  /** What stands in the form at first, and what an empty value means. */
  default: z.string().optional(),
  /** The only values that it takes. */
  options: z.array(z.string()).min(2).optional(),
  /** Ids of the loads that ask for it; absent: all (R56). */
  loads: z.array(z.string()).optional(),
  /** The vendor judges the value: a change is tried at the vendor before it is saved (R59). */
  triedAtVendor: z.boolean().optional(),
  /** Of a credential: the value names the vendor's user that it belongs to, whom nobody may deactivate. */
  ownUser: z.boolean().optional(),
  /** Of a credential: the vendor gives it when somebody consents. Nobody enters it, and forms do not ask for it. */
  fromVendor: z.boolean().optional(),
});
export type Input = z.infer<typeof inputSchema>;

/**
 * How the values of a credential travel to the vendor, as data: `basic` makes an Authorization header, `header` one
 * header with the value of a field, `bearer` an Authorization header with a token, `query` a query parameter, `body`
 * fields of the JSON body, `named` whatever the person chose who entered the credential, `aws-signature` a signature of
 * each request (AWS Signature Version 4), and `none` nothing beside the further headers of the scheme.
 */
export const authPlacementSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('basic'), username: z.string(), password: z.string() }),
  z.object({ kind: z.literal('header'), name: z.string(), field: z.string() }),
  z.object({ kind: z.literal('bearer'), field: z.string() }),
  z.object({ kind: z.literal('query'), name: z.string(), field: z.string() }),
  z.object({
    kind: z.literal('body'),
    fields: z.record(
      z.string(),
      z.object({
        field: z.string(),
        /** The field that is sent when `field` was left empty. */
        orField: z.string().optional(),
        as: z.enum(['string', 'integer-if-digits']),
      }),
    ),
  }),
  z.object({
    kind: z.literal('named'),
    /** Fields with the name, with the value, and with the place: `header`, `query` or `body`. */
    name: z.string(),
    field: z.string(),
    in: z.string(),
  }),
  z.object({
    kind: z.literal('aws-signature'),
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
    sessionToken: z.string(),
    region: z.string(),
    service: z.string(),
  }),
  z.object({ kind: z.literal('none') }),
]);
export type AuthPlacement = z.infer<typeof authPlacementSchema>;

export const credentialTypeSchema = z.enum([
  'basic',
  'api-key',
  'bearer',
  'custom-headers',
  'oauth2-client-credentials',
  'oauth2-authorization-code',
  'aws-signature-v4',
]);
export type CredentialType = z.infer<typeof credentialTypeSchema>;

/** Field of a lease under which the vault hands out the token of an OAuth credential, in place of its inputs. */
export const accessTokenField = 'accessToken';

/** Field of a credential with the refresh token that the vendor gave after somebody consented. */
export const refreshTokenField = 'refreshToken';

/**
 * How the vault asks for a token (RFC 6749 4.4, and 4.1 with 6), as data. Texts hold `{name}` for inputs of the scheme; a
 * value goes into a URL as one path segment, percent-encoded.
 */
export const tokenRequestSchema = z.object({
  /** Absent where `urlInput` must be given. */
  url: z.string().startsWith('https://').optional(),
  /** Input whose value, if given, is the whole URL instead of `url`. */
  urlInput: z.string().optional(),
  /** Only with an authorization code: the input with the address at which somebody consents. */
  authorizationUrlInput: z.string().optional(),
  /** Texts like the others: `{clientId}`. */
  clientId: z.string(),
  clientSecret: z.string(),
  /** Where the client's id and secret travel: fields of the form, or a Basic header. */
  clientIn: z.enum(['form', 'basic']),
  /** Input whose value says it instead. */
  clientInInput: z.string().optional(),
  /** Sent as `scope`; empty after filling in: not sent. */
  scope: z.string().optional(),
});
export type TokenRequest = z.infer<typeof tokenRequestSchema>;

export const authSchemeSchema = z.object({
  type: credentialTypeSchema,
  label: z.string(),
  inputs: z.array(inputSchema).min(1),
  /** For `oauth2-client-credentials` its field is `accessToken`. */
  placement: authPlacementSchema,
  /** Optional inputs that count only together: giving some of them and not the others is refused. */
  together: z.array(z.string()).min(2).optional(),
  /** Only of the OAuth types, and always there. */
  token: tokenRequestSchema.optional(),
  /** Input with further headers, one `Name: value` a line. */
  headersInput: z.string().optional(),
  /** Page at which an administrator of the vendor grants the rights: a path at the origin of the token URL. */
  consent: z.object({ label: z.string(), path: z.string().startsWith('/') }).optional(),
});
export type AuthScheme = z.infer<typeof authSchemeSchema>;

export const connectorFieldSchema = z.object({
  /** Path inside the vendor's user object, in the form of a mapping: `profile.mail`, `emails[0].value`. */
  path: z.string(),
  label: z.string(),
  type: z.enum(['text', 'number', 'boolean', 'date-time']),
  /** For `date-time`: the vendor's form and, where the text carries none, its zone. */
  date: z.object({ format: vendorDateFormatSchema, zone: z.string().optional() }).optional(),
});
export type ConnectorField = z.infer<typeof connectorFieldSchema>;

/** Where an integration runs: here with the vault's secrets, or at the customer's with secrets that stay there (R33, R34). */
export const installationTypeSchema = z.enum(['cloud', 'local']);
export type InstallationType = z.infer<typeof installationTypeSchema>;

/** Everything about a vendor that is data. The catalogue shows it; nothing else about a vendor is known outside. */
export const connectorManifestSchema = z
  .object({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/),
    name: z.string(),
    version: z.number().int().positive(),
    description: z.string(),
    documentation: z.array(linkSchema).min(1),
    prerequisites: z.array(z.object({ text: z.string(), url: z.url().optional() })),
    /** Base URL of the vendor. A credential is bound to its origin (architecture 8). */
    baseUrl: z.url(),
    /** What forms call the base URL where people may change it, "Domain" for example (R11). */
    baseUrlLabel: z.string().optional(),
    authSchemes: z.array(authSchemeSchema).min(1),
    /** Words by which the vendor refuses a credential in an answer that is no JSON, whatever its status says (V8). */
    credentialRefusedText: z.string().min(1).optional(),
    inputs: z.array(inputSchema),
    /** Each can be added on its own (R21). */
    loads: z.array(z.object({ id: z.string(), label: z.string(), description: z.string().optional() })).min(1),
    /** OAuth and AWS need the vault, so a vendor that only has these cannot be installed locally (R35). */
    installationTypes: z.array(installationTypeSchema).min(1),
    fields: z.array(connectorFieldSchema),
    trackingLabels: z.object({ syncTime: z.string(), credentialName: z.string().nullable() }),
    /** One bucket per credential: at most `capacity` requests at once, refilled by `perSecond` (G5). */
    rateBudget: z.object({ capacity: z.number().positive(), perSecond: z.number().positive() }),
    /** What the vendor calls the rights that reading needs, to be named when it refuses one. */
    permissions: z.object({ list: z.string().optional(), get: z.string().optional() }).optional(),
    capabilities: z.object({
      role: z.enum(['vendor', 'default', 'none']),
      lastActivity: z.boolean(),
      /** The vendor answers for single users. Without it a user is missing after two complete reads (evidence f). */
      confirmById: z.boolean(),
      statesTotal: z.boolean(),
      marksAdministrators: z.boolean(),
    }),
    presets: z.array(presetSchema),
    /** What the block SaaS User Role Retrieval offers for this vendor (R125). */
    rolePresets: z.array(rolePresetSchema),
    app: z.object({ catalogueId: z.string(), name: z.string(), category: z.string() }),
    defaultMapping: defaultMappingSchema,
  })
  .register(schemaIds, { id: 'Connector' });
export type ConnectorManifest = z.infer<typeof connectorManifestSchema>;
