import { describe, it } from '@jest/globals';

describe('credentials that are not complete yet', () => {
  it.todo('have an owner and an end, and contacts are warned before it');
  it.todo(
    'are tried before they are stored, as a staircase: host, TLS, sign-in, one user, permissions, with the missing one named',
  );
  it.todo('sign by AWS Signature v4 in libs/egress');
  it.todo('come by the authorization code of OAuth2 with refresh, with state bound to the session and PKCE');
  it.todo('have a token name, in header or query, and headers and body placement of their own');
  it.todo('are valid with the old and the new secret until the new one succeeds for the first time');
  it.todo('name the link for the consent of an administrator where the vendor has one');
});

describe('keys that are not proven in full yet', () => {
  it.todo('rotate 100,000 credentials at 2,000 a second with 200 reads a second beside it');
  it.todo('repeat no nonce in ten million encryptions of four processes');
});
