// Ed25519 by WebCrypto, with the checks that browsers leave out: docs/formats.md, "Which keys and signatures are valid".
'use strict';

// True when `signature` is by `key` over `message`; all are bytes.
const verifyEd25519 = (() => {
  const P = 2n ** 255n - 19n;
  const L = 2n ** 252n + 27742317777372353535851937790883648493n;
  const number = (data) => data.reduceRight((sum, b) => sum << 8n | BigInt(b), 0n);

  // Whether 32 bytes are the canonical form of a point of the order L. The Montgomery ladder (RFC 7748, section 5) computes L
  // times the point from y alone, as u = (1 + y) / (1 - y); no number that is no point has that order.
  const hasPrimeOrder = (data) => {
    const y = BigInt.asUintN(255, number(data));  // without the sign of x
    if (y <= 1n || y >= P - 1n) return false;
    const [u, w] = [1n + y, 1n - y];
    let [x2, z2, x3, z3] = [1n, 0n, u, w];
    for (const bit of L.toString(2)) {
      if (bit === '1') [x2, z2, x3, z3] = [x3, z3, x2, z2];
      const [a, b, c, d] = [x2 + z2, x2 - z2, x3 + z3, x3 - z3];
      const [aa, bb, da, cb] = [a * a % P, b * b % P, d * a % P, c * b % P];
      const e = aa - bb;
      [x2, z2, x3, z3] = [aa * bb % P, e * (aa + 121665n * e) % P, w * ((da + cb) ** 2n % P) % P, u * ((da - cb) ** 2n % P) % P];
      if (bit === '1') [x2, z2, x3, z3] = [x3, z3, x2, z2];
    }
    return z2 === 0n;
  };

  return async (key, message, signature) => {
    if (key.length !== 32 || signature.length !== 64 || number(signature.subarray(32)) >= L || !hasPrimeOrder(key) ||
        !hasPrimeOrder(signature.subarray(0, 32))) return false;
    const imported = await crypto.subtle.importKey('raw', key, {name: 'Ed25519'}, false, ['verify']);
    return crypto.subtle.verify({name: 'Ed25519'}, imported, signature, message);
  };
})();
