// The page in a browser, as its readers have it.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import {readFileSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {createRequire} from 'node:module';
import {chromium} from 'playwright-core';

const VIEWS = ['/', '/members', '/notifications', '/compliance?year=2018', '/compliance', '/clarifications', '/pledges', '/revisions',
  '/revisions/1', '/nodes', '/entries', '/entries/0', '/entries?type=AnnualDeclaration', '/sign-in', '/none'];
const HISTORY = 48;  // launches.csv
const PATIENCE_MS = 60_000;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let ledger, lines, base, browser, token, round;

const say = async (line) => {
  ledger.stdin.write(line + '\n');
  const {value, done} = await lines.next();
  assert.ok(!done, 'the ledger has ended');
  return Number(value);
};

before(async () => {
  ledger = spawn('/usr/bin/python3', ['-B', process.env.ASSENT_SERVE], {stdio: ['pipe', 'pipe', 'inherit']});
  lines = createInterface({input: ledger.stdout})[Symbol.asyncIterator]();
  const {value, done} = await lines.next();
  assert.ok(!done, 'the ledger did not start');
  const said = JSON.parse(value);
  base = `http://127.0.0.1:${said.port}`;
  ({token, round} = said);
  browser = await chromium.launch({executablePath: '/usr/bin/chromium', args: ['--no-sandbox']});
});

after(async () => {
  await browser?.close();
  if (ledger?.exitCode === null) {
    const ended = new Promise((resolve) => ledger.on('exit', resolve));
    ledger.stdin.end();
    await ended;
  }
});

// A page of its own, that must ask nobody else and say nothing on the console. Chromium itself says there that a page
// answered 404.
const open = async (path, options = {}) => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.faults = [];
  page.on('console', (message) => {
    const expected = path === '/none' && message.text().includes('404');
    if (['error', 'warning'].includes(message.type()) && !expected) page.faults.push(message.text());
  });
  page.on('pageerror', (error) => page.faults.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${base}/`)) page.faults.push(`asks ${request.url()}`);
  });
  await page.goto(base + path);
  if (options.javaScriptEnabled !== false) await page.getByText('Live.').waitFor();
  return page;
};

const close = async (page) => {
  assert.deepEqual(page.faults, []);
  await page.context().close();
};

const shot = async (page, name, options = {}) => {
  const folder = process.env.ASSENT_SCREENSHOTS;
  if (folder) await page.screenshot({path: `${folder}/page-${name}.png`, ...options});
};

for (const path of VIEWS) {
  for (const colorScheme of ['light', 'dark']) {
    test(`${path} is sound in ${colorScheme}`, async () => {
      const page = await open(path, {colorScheme});
      if (path === '/notifications') await page.locator('#map svg').waitFor();
      // Run from outside the page, whose policy lets in no other script.
      const {violations, passes} = await page.evaluate(`(() => { ${axe}; return axe.run(); })()`);
      assert.ok(passes.some((each) => each.id === 'color-contrast'), 'axe-core has looked at nothing');
      const serious = violations.filter((each) => ['serious', 'critical'].includes(each.impact));
      assert.deepEqual(serious.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' ')}`), []);
      await close(page);
    });
  }

  test(`${path} fits a phone`, async () => {
    const page = await open(path, {viewport: {width: 360, height: 740}});
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `it is ${over} px too wide`);
    await close(page);
  });
}

test('a new entry comes by itself', async () => {
  const page = await open('/');
  const index = await say('live');
  await page.locator('#newest ~ div tbody th').first().getByText(String(index), {exact: true}).waitFor();
  await page.getByRole('status').getByText(`New entry ${index} by IND.`).waitFor({state: 'attached'});
  await close(page);
});

test('what has the focus keeps it when the page is shown anew', async () => {
  const page = await open('/entries');
  const link = page.locator('tbody a').first();
  const href = await link.getAttribute('href');
  await link.focus();
  const index = await say('focus');
  await page.locator('tbody a').first().and(page.locator(`[href="/entries/${index}"]`)).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), href);
  await close(page);
});

test('a reader who was cut off is told what it has missed', async () => {
  const page = await open('/entries');
  await page.context().setOffline(true);
  const index = await say('missed');
  await page.context().setOffline(false);
  await page.locator(`tbody [href="/entries/${index}"]`).waitFor();
  // That the network was away is said on the console, and is no fault of the page.
  page.faults = page.faults.filter((fault) => !fault.includes('ERR_INTERNET_DISCONNECTED'));
  await close(page);
});

test('a good receipt is found good', async () => {
  for (const index of [0, 3]) {
    const page = await open(`/entries/${index}`);
    await page.getByRole('button', {name: 'Verify in this browser'}).click();
    await page.getByText('The receipt is good.').waitFor();
    assert.equal(await page.locator('.checks .good').count(), 7);
    assert.equal(await page.locator('.checks .bad').count(), 0);
    await close(page);
  }
});

// What a hostile node could change in a receipt, and the step that finds it.
const flip = (base64, at) => {
  const bytes = Buffer.from(base64, 'base64');
  bytes[at < 0 ? bytes.length + at : at] ^= 1;
  return bytes.toString('base64');
};
const FORGERIES = {
  'certificate: BAD: the signature of': (receipt) => { receipt.certificate = flip(receipt.certificate, -1); },
  'certificate: BAD: it is for another block': (receipt) => { receipt.certificate = flip(receipt.certificate, 20); },
  'certificate: BAD: 2 of 4 voters': (receipt) => {
    const bytes = Buffer.from(receipt.certificate, 'base64');
    bytes[51] = 0xC0;
    receipt.certificate = bytes.subarray(0, 52 + 128).toString('base64');
  },
  'inclusion: BAD': (receipt) => { receipt.inclusion_proof.push(receipt.header.slice(0, 43) + '='); },
  'entry: BAD: the body': (receipt) => { receipt.entry.body = flip(receipt.entry.body, -1); },
  'entry: BAD: the receipt is of another': (receipt) => { receipt.index = '1'; },
  'place: BAD': (receipt) => { receipt.header = flip(receipt.header, 3); },
};

for (const [found, forge] of Object.entries(FORGERIES)) {
  test(`a bad receipt is shown as bad: ${found}`, async () => {
    const page = await open('/entries/0');
    await page.route('**/entries/0/receipt', async (route) => {
      const answer = await route.fetch();
      const receipt = await answer.json();
      forge(receipt);
      await route.fulfill({response: answer, json: receipt});
    });
    await page.getByRole('button', {name: 'Verify in this browser'}).click();
    await page.getByText('The receipt is BAD').waitFor();
    const said = await page.locator('.checks .bad').textContent();
    assert.ok(said.includes(found), said);
    if (found.startsWith('certificate: BAD: the signature')) {
      await page.locator('#proof').scrollIntoViewIfNeeded();
      await shot(page, 'bad-certificate');
    }
    await close(page);
  });
}

test('an act that its founders have not signed is shown as bad', async () => {
  const page = await open('/entries/0');
  await page.route('**/act', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({response: answer, body: (await answer.text()).replace('title: ', 'title: X')});
  });
  await page.getByRole('button', {name: 'Verify in this browser'}).click();
  await page.getByText('founding act: BAD').waitFor();
  await close(page);
});

test('where the browser cannot verify, the page says so and shows the command', async () => {
  const page = await open('/entries/0');
  await page.addInitScript(() => { SubtleCrypto.prototype.generateKey = () => Promise.reject(new Error('no Ed25519')); });
  await page.reload();
  await page.getByText('This browser cannot check it here').waitFor();
  await page.getByText('assent verify entry-0.receipt --act act.txt').waitFor();
  assert.equal(await page.getByRole('button', {name: 'Verify in this browser'}).count(), 0);
  await close(page);
});

test('the keyboard is enough', async () => {
  const page = await open('/');
  const focused = () => page.evaluate(() => document.activeElement.textContent.trim());
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Skip to the content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  await page.goto(base + '/');
  const visited = [];
  for (let i = 0; i < 40 && visited.at(-1) !== 'Entries'; ++i) {
    await page.keyboard.press('Tab');
    visited.push(await focused());
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.notEqual(outline, 'none', `${visited.at(-1)} does not show that it has the focus`);
  }
  for (const name of ['Overview', 'Members', 'Notifications', 'Compliance', 'Clarifications', 'Pledges', 'Revisions', 'Nodes', 'Entries']) {
    assert.ok(visited.includes(name), `${name} cannot be reached`);
  }
  await page.keyboard.press('Enter');
  await page.getByRole('heading', {level: 1, name: 'Entries'}).waitFor();
  await page.goto(base + '/entries/0');
  const button = page.getByRole('button', {name: 'Verify in this browser'});
  await button.waitFor();
  for (let i = 0; i < 80 && !await button.evaluate((each) => each === document.activeElement); ++i) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.getByText('The receipt is good.').waitFor();
  await close(page);
});

test('tables need no script', async () => {
  const page = await open('/notifications', {javaScriptEnabled: false});
  assert.ok(await page.locator('#notifications tbody tr').count() > 10);
  await page.goto(base + '/compliance?year=2018');
  assert.equal(await page.locator('.matrix tbody tr').count(), 4);
  await close(page);
});

const signIn = async (page) => {
  await page.getByLabel('Access token').fill(token);
  await page.getByRole('button', {name: 'Sign in'}).click();
  await page.getByText('Shown as to FRA, a member, until').waitFor();
};

for (const javaScriptEnabled of [true, false]) {
  test(`a member signs in, looks at an open round, and signs out, ${javaScriptEnabled ? 'with' : 'without'} script`, async () => {
    const page = await open('/sign-in', {javaScriptEnabled});
    await signIn(page);
    assert.ok(!page.url().includes(token) && page.url() === `${base}/`);
    await page.getByRole('link', {name: 'Revisions', exact: true}).click();
    await page.getByRole('link', {name: `round ${round}`}).click();
    await page.getByText('2 signed, 2 missing.').waitFor();
    for (const [code, says] of [['FRA', '… missing'], ['IND', '✓ has signed'], ['USA', '✓ has signed']]) {
      await page.getByRole('row').filter({has: page.getByRole('rowheader', {name: code})}).getByText(says).waitFor();
    }
    await page.locator('pre ins').getByText('Reports name the site.').waitFor();
    await page.getByRole('button', {name: 'Sign out'}).click();
    await page.getByText('Shown: what is PUBLIC.').waitFor();
    assert.deepEqual(page.faults, []);
    await page.goto(`${base}/rounds/${round}`);
    await page.getByRole('heading', {name: 'Error 404'}).waitFor();
    await page.context().close();
  });
}

// What a member sees of every view, with what it sees alone.
for (const options of [{colorScheme: 'light'}, {colorScheme: 'dark'}, {viewport: {width: 360, height: 740}}]) {
  test(`what a member sees is sound with ${JSON.stringify(options)}`, async () => {
    const page = await open('/sign-in', options);
    await signIn(page);
    for (const path of [`/rounds/${round}`, '/revisions', '/', '/compliance']) {
      await page.goto(base + path);
      await page.getByText('Live.').waitFor();
      const {violations} = await page.evaluate(`(() => { ${axe}; return axe.run(); })()`);
      assert.deepEqual(violations.filter((each) => ['serious', 'critical'].includes(each.impact)), [], path);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${path} is ${over} px too wide`);
    }
    await close(page);
  });
}

test('paper has the tables whole, and nothing that only a screen is for', async () => {
  for (const path of ['/', '/compliance?year=2018', '/entries/0']) {
    const page = await open(path, {colorScheme: 'dark', viewport: {width: 720, height: 1000}});
    await page.emulateMedia({media: 'print'});
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), 'rgb(255, 255, 255)');
    for (const hidden of ['header nav', 'button', '#live']) {
      for (const each of await page.locator(hidden).all()) assert.ok(!await each.isVisible(), `${path} prints ${hidden}`);
    }
    assert.ok(await page.getByText('All times are UTC.').isVisible());
    const cut = await page.evaluate(() => [...document.querySelectorAll('.scroll')].filter(
        (each) => getComputedStyle(each).overflowX !== 'visible').length);
    assert.equal(cut, 0, 'what is scrolled on a screen is cut off on paper');
    await close(page);
  }
});

test('what dashboards show has its numbers', async () => {
  const page = await open('/members');
  assert.equal(await page.locator('#states tbody tr').count(), 4);
  await page.getByRole('row').filter({has: page.getByRole('rowheader', {name: '2016', exact: true})}).getByText('4', {exact: true}).first()
      .waitFor();
  await page.goto(base + '/pledges');
  for (const status of ['✓ holds', '✓ accepted', '… offered']) await page.getByText(status, {exact: true}).waitFor();
  await page.goto(base + '/clarifications');
  await page.getByText('… none yet').waitFor();
  await page.getByText('✓ entry').waitFor();
  await page.goto(base + '/compliance?year=' + new Date().getUTCFullYear());
  await page.locator('.matrix tfoot').getByText('0%', {exact: true}).waitFor();
  await page.goto(base + '/notifications');
  await page.locator('table').filter({has: page.getByText('Median time to the window')}).getByText('SLV_MEDIUM').waitFor();
  await close(page);
});

test('what a member sees is live, and kept from other sites', async () => {
  const page = await open('/sign-in');
  await signIn(page);
  const [cookie] = await page.context().cookies();
  assert.deepEqual([cookie.httpOnly, cookie.secure, cookie.sameSite], [true, true, 'Strict']);
  assert.equal(await page.evaluate('document.cookie'), '');
  await page.goto(`${base}/rounds/${round}`);
  await page.getByText('Live.').waitFor();
  const index = await say('as a member');
  await page.getByRole('status').getByText(`New entry ${index} by IND.`).waitFor({state: 'attached'});
  await page.getByText('Shown as to FRA').waitFor();
  await shot(page, 'round');
  await close(page);
});

test('windows and areas are drawn', async () => {
  const page = await open('/notifications?year=' + new Date().getUTCFullYear());
  await page.locator('#map svg').waitFor();
  const rows = await page.locator('#notifications tbody tr').count();
  assert.equal(await page.locator('#timeline rect').count(), rows - HISTORY, 'what is decades away is left out');
  await page.getByText(`${HISTORY} far from now are not drawn`).waitFor();
  assert.ok((await page.locator('#map .land').getAttribute('d')).length > 5000);
  assert.ok(await page.locator('#map polygon').count() >= 4 * 3);
  await page.getByText('with a named sea area are not drawn').waitFor();
  await close(page);
});

test('pictures for the documents', {skip: !process.env.ASSENT_SCREENSHOTS}, async () => {
  const viewport = {width: 1100, height: 760};
  for (const [name, path] of [['overview', '/'], ['notifications', '/notifications'], ['compliance', '/compliance?year=2018'],
    ['revision', '/revisions/1']]) {
    const page = await open(path, {viewport});
    if (name === 'notifications') await page.locator('#map svg').waitFor();
    if (name === 'revision') await page.locator('pre del').first().evaluate((each) => each.scrollIntoView({block: 'center'}));
    await shot(page, name, name === 'notifications' ? {fullPage: true, clip: {x: 0, y: 0, width: 1100, height: 1300}} : {});
    await close(page);
  }
  const dark = await open('/', {viewport, colorScheme: 'dark'});
  await shot(dark, 'dark');
  await close(dark);
  const pledges = await open('/pledges', {viewport: {width: 1100, height: 560}});
  await shot(pledges, 'pledges');
  await close(pledges);
  const phone = await open('/compliance?year=2018', {viewport: {width: 360, height: 740}});
  await shot(phone, 'phone');
  await close(phone);
});
