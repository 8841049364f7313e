// The OpenID provider of the tests: npm oidc-provider with a few people, on this machine alone.
//
// Settings are one JSON object as the first argument: port, people (name -> roles), webUrl, accessSeconds.
// SIGHUP changes its keys as an organisation does: new ones sign, and only they are published.

import http from 'node:http';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import Provider from 'oidc-provider';

const settings = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${settings.port}`;
const AUDIENCE = 'stickprov';
const ALGORITHMS = {
  'urn:stickprov:rs256': 'RS256',
  'urn:stickprov:es256': 'ES256',
  'urn:stickprov:eddsa': 'EdDSA',
};

const newKeys = () =>
  [
    ['rsa', { modulusLength: 2048 }, 'RS256'],
    ['ec', { namedCurve: 'P-256' }, 'ES256'],
    ['ed25519', {}, 'EdDSA'],
  ].map(([type, options, alg]) => ({
    ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }),
    alg,
    use: 'sig',
    kid: randomUUID(),
  }));

const clients = [
  {
    client_id: 'web',
    client_secret: 'a secret of the tests',
    redirect_uris: [`${settings.webUrl}/sign-in/back`],
    post_logout_redirect_uris: [`${settings.webUrl}/signed-out`],
    backchannel_logout_uri: `${settings.webUrl}/sign-out/back-channel`,
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code', 'refresh_token'],
  },
  {
    client_id: 'command',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['http://127.0.0.1/signed-in'],
    grant_types: ['authorization_code', 'refresh_token'],
  },
  {
    client_id: 'findings',
    client_secret: 'another secret: + and %',
    redirect_uris: [],
    response_types: [],
    grant_types: ['client_credentials'],
  },
];

const configuration = (keys) => ({
  clients,
  jwks: { keys },
  cookies: { keys: ['a key of the tests'] },
  // Its own would not ask this machine, where the pages of the tests are.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  enabledJWA: {
    idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'],
  },
  scopes: ['openid', 'profile', 'offline_access'],
  claims: { openid: ['sub'], profile: ['preferred_username', 'name'] },
  conformIdTokenClaims: false,
  features: {
    backchannelLogout: { enabled: true },
    clientCredentials: { enabled: true },
    devInteractions: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (_context, resource) => ({
        scope: '',
        audience: AUDIENCE,
        accessTokenFormat: 'jwt',
        accessTokenTTL: settings.accessSeconds,
        jwt: { sign: { alg: ALGORITHMS[resource] } },
      }),
    },
  },
  ttl: { ClientCredentials: 600, AccessToken: settings.accessSeconds, IdToken: 600 },
  issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  findAccount: (_context, name) => ({
    accountId: name,
    claims: () => ({ sub: name, preferred_username: `${name}@kommun.example`, name: `${name} Testsson` }),
  }),
  extraTokenClaims: (_context, token) => ({
    realm_access: { roles: token.accountId ? (settings.people[token.accountId] ?? []) : ['stickprov-service'] },
  }),
  // Nobody is asked twice whether a page of their own organisation may know their name.
  loadExistingGrant: async (context) => {
    const { provider, client, session } = context.oidc;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid profile offline_access');
    for (const resource of Object.keys(ALGORITHMS)) grant.addResourceScope(resource, '');
    await grant.save();
    return grant;
  },
});

const serving = () => {
  const provider = new Provider(issuer, configuration(newKeys()));
  for (const event of ['server_error', 'backchannel.error']) {
    provider.on(event, (_context, error) => console.error(event, error));
  }
  provider.on('grant.success', (context) => {
    if (context.oidc.params.grant_type === 'refresh_token') renewed += 1;
  });
  return provider.callback();
};

let asked = 0;
let renewed = 0;
let handle = serving();
// It ends with whoever started it, however they end.
process.stdin.on('end', () => process.exit()).resume();
process.on('SIGHUP', () => {
  handle = serving();
  console.log(JSON.stringify({ keys: 'new' }));
});

http
  .createServer((request, response) => {
    if (request.url === '/asked-for-keys') return response.end(String(asked));
    if (request.url === '/renewed') return response.end(String(renewed));
    if (request.url === '/jwks') asked += 1;
    return handle(request, response);
  })
  .listen(settings.port, '127.0.0.1', () => console.log(JSON.stringify({ issuer })));
