// server.cjs - an S3 that is strict: prints "port N" once it listens.
//
//     node --openssl-legacy-provider server.cjs FOLDER
//
// s3rver keeps the objects but takes any version 4 signature for good. So each request is signed again here, as the rules
// say a server does it (path and query decoded and encoded anew, only the headers that came), and must come to the same
// signature; and the body must have the hash that was signed. (s3rver makes its list tokens with DES: hence the legacy provider.)
//
// A POST to /-/fail?status=503&times=2 makes the next two requests answer that; GET /-/count says how many objects
// were fetched since the start.
const crypto = require('crypto');
const http = require('http');
const S3rver = require('s3rver');

const secrets = { S3RVER: 'S3RVER' };
let fail = { status: 0, times: 0 };
let fetched = 0;

const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');
const hmac = (key, text) => crypto.createHmac('sha256', key).update(text).digest();
const encoded = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function canonicalAddress(address) {
  const [path, query] = [...address.split('?'), ''];
  const again = (text, by) => text.split(by).map((part) => encoded(decodeURIComponent(part))).join(by);
  return [again(path, '/'), query.split('&').map((pair) => again(pair, '=')).sort().join('&')];
}

// The code S3 would refuse with, or nothing.
function refusal(req, body) {
  const form = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
  const said = form.exec(req.headers.authorization || '');
  if (!said) return 'AccessDenied';
  const [, keyId, region, names, signature] = said;
  if (!(keyId in secrets)) return 'InvalidAccessKeyId';
  const hash = sha256(body);
  if (req.headers['x-amz-content-sha256'] !== hash) return 'XAmzContentSHA256Mismatch';
  const signed = names.split(';');
  if (['host', 'x-amz-date', 'x-amz-content-sha256'].some((name) => !signed.includes(name))) return 'AccessDenied';
  if (Object.keys(req.headers).some((name) => name.startsWith('x-amz-') && !signed.includes(name))) return 'AccessDenied';
  const date = req.headers['x-amz-date'];
  const canonical = [req.method, ...canonicalAddress(req.url), ...signed.map((name) => `${name}:${req.headers[name]}`), '',
    names, hash].join('\n');
  const scope = [date.slice(0, 8), region, 's3', 'aws4_request'];
  const key = scope.reduce((above, part) => hmac(above, part), `AWS4${secrets[keyId]}`);
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\n');
  return hmac(key, text).toString('hex') === signature ? '' : 'SignatureDoesNotMatch';
}

function answer(req, res, body, inner) {
  const url = new URL(req.url, 'http://localhost');
  if (url.pathname === '/-/fail') {
    fail = { status: Number(url.searchParams.get('status')), times: Number(url.searchParams.get('times')) };
    return res.end();
  }
  if (url.pathname === '/-/count') return res.end(String(fetched));
  if (fail.times > 0) {
    fail.times -= 1;
    res.statusCode = fail.status;
    return res.end();
  }
  const code = refusal(req, body);
  if (code) {
    res.statusCode = 403;
    return res.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>refused</Message></Error>`);
  }
  if (req.method === 'GET' && url.pathname.split('/').length > 2) fetched += 1;
  const there = http.request({ host: '127.0.0.1', port: inner, method: req.method, path: req.url, headers: req.headers }, (got) => {
    res.writeHead(got.statusCode, got.headers);
    got.pipe(res);
  });
  return there.end(body);
}

async function main() {
  const s3 = new S3rver({ port: 0, address: '127.0.0.1', directory: process.argv[2], silent: true,
    configureBuckets: [{ name: 'wharf' }] });
  const { port } = await s3.run();
  const server = http.createServer((req, res) => {
    const pieces = [];
    req.on('data', (piece) => pieces.push(piece));
    req.on('end', () => answer(req, res, Buffer.concat(pieces), port));
  });
  server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
}
main();
