import { createHash, createHmac } from 'node:crypto';

/** What requests are signed with. */
export interface AwsSigning {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Empty where the credentials are not temporary. */
  readonly sessionToken: string;
  readonly region: string;
  readonly service: string;
}

/** A request in which nothing changes any more. */
export interface RequestToSign {
  readonly method: string;
  readonly url: URL;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  readonly at: Date;
}

const algorithm = 'AWS4-HMAC-SHA256';
/** What proxies may change on the way is not signed. */
const unsigned: ReadonlySet<string> = new Set(['user-agent', 'accept-encoding', 'authorization']);

/**
 * Headers that carry the signature of a request: AWS Signature Version 4 over method, path, query, headers and body.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function awsSignature(request: RequestToSign, signing: AwsSigning): Record<string, string> {
  const { url, method, body, at } = request;
  const time = `${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const payload = sha256(body);
  const added = {
    'x-amz-date': time,
    'x-amz-content-sha256': payload,
    ...(signing.sessionToken === '' ? {} : { 'x-amz-security-token': signing.sessionToken }),
  };
  const signed = Object.entries({ ...request.headers, ...added, host: url.host })
    .filter(([name]) => !unsigned.has(name))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const canonical = [
    method,
    pathOf(url, signing.service),
    queryOf(url),
    ...signed.map(([name, value]) => `${name}:${value.trim().replace(/\s+/g, ' ')}`),
    '',
    names,
    payload,
  ].join('\n');
  const day = time.slice(0, 8);
  const scope = `${day}/${signing.region}/${signing.service}/aws4_request`;
  const key = [day, signing.region, signing.service, 'aws4_request'].reduce<string | Buffer>(
    (secret, text) => hmac(secret, text),
    `AWS4${signing.secretAccessKey}`,
  );
  const signature = hmac(key, [algorithm, time, scope, sha256(canonical)].join('\n')).toString('hex');
  const credential = `${signing.accessKeyId}/${scope}`;
  return {
    ...added,
    authorization: `${algorithm} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

/** Each part is encoded once more than it travels, but not for S3. */
function pathOf({ pathname }: URL, service: string): string {
  if (service === 's3') return pathname;
  return pathname.split('/').map(encoded).join('/');
}

function queryOf({ searchParams }: URL): string {
  return [...searchParams]
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([oneName, one], [otherName, other]) => compare(oneName, otherName) || compare(one, other))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** RFC 3986: everything but letters, digits, `-`, `.`, `_` and `~`. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
