// Checks a receipt in the browser, step by step as docs/formats.md says, by WebCrypto: SHA-256 and Ed25519 (ed25519.js).
// What it starts from is the founding act that this node gives; whoever does not trust the node compares its ledger id.
'use strict';

(() => {
  const place = document.getElementById('verify');
  if (!place) return;
  const KINDS = {normal: 1, closing: 2, tail: 3};
  const FINALIZE = 3;
  const HEADER_BYTES = 274;
  const text = new TextEncoder();

  class Bad extends Error {}
  const demand = (holds, why) => { if (!holds) throw new Bad(why); };

  const bytes = (base64) => Uint8Array.from(atob(base64 ?? ''), (c) => c.charCodeAt(0));
  const hex = (data) => [...data].map((b) => b.toString(16).padStart(2, '0')).join('');
  const unhex = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const same = (a, b) => a.length === b.length && a.every((each, i) => each === b[i]);
  const join = (...parts) => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { whole.set(part, at); at += part.length; }
    return whole;
  };
  const number = (value, size) => {
    const out = new Uint8Array(size);
    for (let left = BigInt(value), i = size - 1; i >= 0; --i, left >>= 8n) out[i] = Number(left & 255n);
    return out;
  };
  const read = (data, at, size) => data.subarray(at, at + size).reduce((sum, b) => sum << 8n | BigInt(b), 0n);
  const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest('SHA-256', join(...parts)));
  const signed = (key, tag, statement, signature) => verifyEd25519(key, join(text.encode(tag), [0], statement), signature);

  // The founders, and the act's ledger id.
  const readAct = async (file) => {
    const end = file.indexOf('-- signatures --\n');
    demand(end > 0, 'it has no signatures');
    const act = {ledger: await sha256(text.encode(file.slice(0, end))), founders: []};
    for (const part of file.slice(0, end).split('\nFOUNDER ').slice(1)) {
      const field = (name) => {
        const found = part.match(new RegExp(`^${name}: ([0-9a-f]{64})$`, 'm'));
        demand(found, `a founder has no ${name}`);
        return unhex(found[1]);
      };
      act.founders.push({code: part.slice(0, part.indexOf('\n')), authority: field('authority key'), vote: field('vote key'),
                         checkpoint: field('checkpoint key'), transport: field('transport key')});
    }
    demand(act.founders.length > 0, 'it has no founders');
    for (const founder of act.founders) {
      const line = file.slice(end).match(new RegExp(`^${founder.code} authority (\\S+)$`, 'm'));
      demand(line && await signed(founder.authority, 'assent/act/v1', act.ledger, bytes(line[1])),
             `${founder.code} has not signed it`);
    }
    return act;
  };

  // The fields of an entry's header, by their numbers.
  const readEntryHeader = (data) => {
    const fields = {};
    const varint = () => {
      let value = 0n;
      for (let shift = 0n; ; shift += 7n) {
        demand(at < data.length && shift < 70n, 'the header is cut short');
        const b = data[at++];
        value |= BigInt(b & 127) << shift;
        if (b < 128) return value;
      }
    };
    let at = 0;
    while (at < data.length) {
      const tag = Number(varint());
      if ((tag & 7) === 2) {
        const size = Number(varint());
        demand(at + size <= data.length, 'the header is cut short');
        fields[tag >> 3] = data.subarray(at, at + size);
        at += size;
      } else {
        demand((tag & 7) === 0, 'the header is malformed');
        fields[tag >> 3] = varint();
      }
    }
    for (const name of [1, 4, 5, 7]) demand(fields[name]?.length === 32, `field ${name} of the header is missing`);
    return {ledger: fields[1], author: new TextDecoder().decode(fields[2]), key: fields[5], commitment: fields[7]};
  };

  const readBlock = async (data, ledger) => {
    demand(data.length === HEADER_BYTES && data[0] === 1, 'a block header is malformed');
    demand(same(data.subarray(2, 34), ledger), 'a block header is of another ledger');
    return {
      data, hash: await sha256([3], data), kind: data[1], epoch: read(data, 34, 8), view: read(data, 42, 8),
      height: read(data, 50, 8), parent: data.subarray(58, 90), time: read(data, 90, 8), first: read(data, 98, 8),
      size: read(data, 106, 8), root: data.subarray(114, 146), voters: data.subarray(210, 242),
      members: data.subarray(242, 274),
    };
  };

  // The last of the headers that follow `first`, each by its parent's hash.
  const lastOf = async (first, following, ledger) => {
    let last = first;
    for (const base64 of following ?? []) {
      const next = await readBlock(bytes(base64), ledger);
      demand(same(next.parent, last.hash), 'a header does not follow the one before');
      demand(next.epoch === last.epoch && next.view > last.view, 'a header is of no later view of its epoch');
      if (last.kind === KINDS.normal) {
        demand(next.kind !== KINDS.tail && next.height === last.height + 1n && next.first === last.size && next.time > last.time,
               'a header does not follow the one before');
      } else {
        demand(next.kind === KINDS.tail && next.height === last.height && next.time === last.time && next.first === last.size &&
               same(next.data.subarray(106, 274), last.data.subarray(106, 274)), 'a tail block is no copy of the closing block');
      }
      last = next;
    }
    return last;
  };

  const checkCertificate = async (certificate, block, voters, ledger) => {
    demand(certificate.length > 51 && certificate[0] === FINALIZE, 'it is no finalize certificate');
    demand(read(certificate, 1, 8) === block.epoch && read(certificate, 9, 8) === block.view, 'it is of another view');
    demand(same(certificate.subarray(17, 49), block.hash), 'it is for another block');
    demand(Number(read(certificate, 49, 2)) === voters.length, 'it is of other voters');
    const mask = certificate.subarray(51, 51 + Math.ceil(voters.length / 8));
    const signers = voters.filter((_, i) => mask[i >> 3] & (128 >> (i & 7)));
    const quorum = Math.floor(2 * voters.length / 3) + 1;
    demand(signers.length >= quorum, `${signers.length} of ${voters.length} voters have signed, ${quorum} are needed`);
    const start = 51 + mask.length;
    demand(certificate.length === start + 64 * signers.length, 'it has another number of signatures');
    const statement = join(ledger, number(block.epoch, 8), number(block.view, 8), block.hash);
    for (const [i, voter] of signers.entries()) {
      demand(await signed(voter.vote, 'assent/finalize/v1', statement, certificate.subarray(start + 64 * i, start + 64 * i + 64)),
             `the signature of ${voter.code} is bad`);
    }
    return `${signers.length} of ${voters.length} voters signed it (${signers.map((each) => each.code).join(', ')}), ${quorum} are needed`;
  };

  const votersHash = (voters) => sha256([6], number(voters.length, 2), ...voters.flatMap((each) =>
    [[each.code.length], text.encode(each.code), each.vote, each.checkpoint, each.transport]));

  // The voters of the epoch that the block is of, each set shown by a quorum of the one before.
  const walkEpochs = async (changes, epoch, act) => {
    let voters = act.founders;
    let now = 1n;
    for (const change of changes ?? []) {
      const closing = await readBlock(bytes(change.header), act.ledger);
      demand(closing.kind === KINDS.closing && closing.epoch === now, `the end of epoch ${now} is not shown`);
      const last = await lastOf(closing, change.tail, act.ledger);
      await checkCertificate(bytes(change.certificate), last, voters, act.ledger);
      voters = (change.voters ?? []).map((each) => ({code: each.code, vote: bytes(each.vote_key),
        checkpoint: bytes(each.checkpoint_key), transport: bytes(each.transport_key)}));
      demand(same(await votersHash(voters), closing.voters), `the voters after epoch ${now} are others`);
      ++now;
    }
    demand(now === epoch, `the voters of epoch ${epoch} are not shown`);
    return voters;
  };

  // RFC 9162, section 2.1.3.2.
  const rootOf = async (leaf, index, size, proof) => {
    let [node, at, last] = [leaf, index, size - 1n];
    demand(index < size, 'the entry is not in the tree');
    for (const hash of proof) {
      demand(last > 0n, 'the proof is too long');
      if (at % 2n === 1n || at === last) {
        node = await sha256([1], hash, node);
        while (at % 2n === 0n && at !== 0n) { at >>= 1n; last >>= 1n; }
      } else {
        node = await sha256([1], node, hash);
      }
      at >>= 1n;
      last >>= 1n;
    }
    demand(last === 0n, 'the proof is too short');
    return node;
  };

  // The author's key: the founding act's, or that of the members as the block knows them.
  const authorKey = async (header, receipt, block, act) => {
    const candidates = act.founders.map((each) => [each.code, each.authority]);
    const members = receipt.members ?? [];
    if (members.length > 0) {
      let known = block;
      if (receipt.parent) {
        known = await readBlock(bytes(receipt.parent), act.ledger);
        demand(same(known.hash, block.parent), 'the block before is another');
      }
      const hash = await sha256([7], number(members.length, 2), ...members.flatMap((each) => {
        const key = bytes(each.authority_key);
        return [[each.code.length], text.encode(each.code), key.length ? key : new Uint8Array(32), number(each.membership ?? 0, 8)];
      }));
      demand(same(hash, known.members), 'the members are others');
      candidates.push(...members.map((each) => [each.code, bytes(each.authority_key)]));
    }
    for (const [code, key] of candidates) {
      if (code === header.author && same(await sha256(key), header.key)) return key;
    }
    throw new Bad(`the key is not known to be that of ${header.author}`);
  };

  // Calls `step` with a name and what is shown; throws Bad at the first that does not hold.
  const verify = async (receipt, actFile, index, step) => {
    const act = await step('founding act', async () => {
      const read = await readAct(actFile);
      return [read, `ledger ${hex(read.ledger)}, signed by its ${read.founders.length} founders`];
    });
    const entryBytes = bytes(receipt.entry.header);
    const signature = bytes(receipt.entry.signature);
    const header = await step('entry', async () => {
      const read = readEntryHeader(entryBytes);
      demand(same(read.ledger, act.ledger), 'it is of another ledger');
      demand(BigInt(receipt.index) === BigInt(index), 'the receipt is of another entry');
      const salt = bytes(receipt.entry.salt);
      if (salt.length === 0) return [read, 'its body is for members; the header commits to it'];
      demand(same(await sha256([2], salt, bytes(receipt.entry.body)), read.commitment), 'the body is not the one committed to');
      return [read, 'the body is the one that its header commits to'];
    });
    const block = await step('place', async () => {
      const read = await readBlock(bytes(receipt.header), act.ledger);
      demand(read.kind !== KINDS.tail && read.first <= BigInt(index) && BigInt(index) < read.size, 'the block does not hold the entry');
      return [read, `block ${read.height} of ${new Date(Number(read.time / 1000n)).toISOString()} holds it`];
    });
    const voters = await step('voters', async () => {
      const found = await walkEpochs(receipt.epochs, block.epoch, act);
      return [found, `those of epoch ${block.epoch} follow from the founders`];
    });
    await step('certificate', async () => {
      const last = await lastOf(block, receipt.descendants, act.ledger);
      return [null, await checkCertificate(bytes(receipt.certificate), last, voters, act.ledger)];
    });
    await step('inclusion', async () => {
      const leaf = await sha256([0], number(entryBytes.length, 4), entryBytes, signature);
      const root = await rootOf(leaf, BigInt(index), block.size, (receipt.inclusion_proof ?? []).map(bytes));
      demand(same(root, block.root), 'the proof does not lead to the root');
      return [null, `it is leaf ${index} of the ${block.size} under the block's root`];
    });
    await step('author', async () => {
      const key = await authorKey(header, receipt, block, act);
      demand(await signed(key, 'assent/entry/v1', entryBytes, signature), 'the signature is bad');
      return [null, `${header.author} signed it`];
    });
  };

  const canVerify = async () => {
    try {
      await crypto.subtle.generateKey({name: 'Ed25519'}, false, ['sign', 'verify']);
      return true;
    } catch {
      return false;
    }
  };

  const run = async (list, verdict) => {
    list.replaceChildren();
    const line = (mark, kind, words) => {
      const item = document.createElement('li');
      item.className = kind;
      item.textContent = `${mark} ${words}`;
      list.append(item);
    };
    const step = async (name, check) => {
      try {
        const [result, shown] = await check();
        line('\u2713', 'good', `${name}: ${shown}`);
        return result;
      } catch (error) {
        const why = error instanceof Bad ? error.message : 'it is malformed';
        line('\u2715', 'bad', `${name}: BAD: ${why}`);
        throw new Bad(name);
      }
    };
    verdict.textContent = 'Checking.';
    try {
      const index = place.dataset.index;
      const [receipt, act] = await Promise.all([
        fetch(`/entries/${index}/receipt`, {headers: {Accept: 'application/json'}}), fetch('/act')]);
      if (!receipt.ok || !act.ok) throw new Error(receipt.ok ? 'the act' : (await receipt.json()).message);
      await verify(await receipt.json(), await act.text(), index, step);
      verdict.className = 'good';
      verdict.textContent = '\u2713 The receipt is good. Compare the ledger id with the one that you have from elsewhere: this ' +
          'page and its founding act came from one node. A receipt does not show what happened to the entry since.';
    } catch (error) {
      verdict.className = 'bad';
      verdict.textContent = error instanceof Bad ? `\u2715 The receipt is BAD: ${error.message} does not hold.`
                                                 : `Not checked: ${error.message}`;
    }
  };

  canVerify().then((can) => {
    const words = document.createElement('p');
    if (!can) {
      words.textContent = 'This browser cannot check it here: it needs Ed25519 in WebCrypto, and a page from this machine or ' +
          'over HTTPS. The command above can.';
      place.append(words);
      return;
    }
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Verify in this browser';
    const list = document.createElement('ul');
    list.className = 'checks';
    words.setAttribute('role', 'status');
    button.addEventListener('click', () => run(list, words));
    place.append(button, list, words);
  });
})();
