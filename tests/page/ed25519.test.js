// The page takes the signatures that nodes take: each line of tests/ed25519/cases.txt is judged as it says. No browser is needed.
import assert from 'node:assert/strict';
import {webcrypto} from 'node:crypto';
import {readFileSync} from 'node:fs';
import test from 'node:test';

globalThis.crypto ??= webcrypto;
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const verify = new Function(`${read('node/page/assets/ed25519.js')}; return verifyEd25519;`)();
const bytes = (hex) => new Uint8Array(Buffer.from(hex === '-' ? '' : hex, 'hex'));

test('signatures are taken as the nodes take them', async () => {
  const verdicts = new Set();
  for (const line of read('tests/ed25519/cases.txt').trim().split('\n')) {
    const [verdict, key, message, signature] = line.split(' ');
    assert.equal(await verify(bytes(key), bytes(message), bytes(signature)), verdict === 'good', line);
    verdicts.add(verdict);
  }
  assert.deepEqual([...verdicts].sort(), ['good', 'key', 'signature']);
});
