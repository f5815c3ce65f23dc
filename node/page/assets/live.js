// Keeps what is shown up to date: listens for events, and shows the view anew when an entry has become final.
'use strict';

(() => {
  const main = document.getElementById('main');
  const live = document.getElementById('live');
  const news = document.getElementById('news');
  const REFRESH_MS = 1000;  // no more often than this
  const RETRY_MS = 30_000;  // after the node had no place for one more

  // "3 min", as the server writes it.
  const span = (seconds) => {
    for (const [unit, name] of [[86400, 'days'], [3600, 'hours'], [60, 'min']]) {
      if (seconds >= 2 * unit) return `${Math.floor(seconds / unit)} ${name}`;
    }
    return `${Math.max(0, Math.floor(seconds))} s`;
  };

  const showAge = () => {
    const age = document.getElementById('age');
    if (age) age.textContent = span(Date.now() / 1000 - Number(age.dataset.timeUs) / 1e6);
  };

  const showBlock = (block) => {
    document.getElementById('height').textContent = block.height;
    const time = document.querySelector('#block-time time');
    const iso = new Date(Math.floor(Number(block.time_us) / 1e6) * 1000).toISOString();
    time.dateTime = iso;
    time.textContent = `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
    const age = document.getElementById('age');
    if (age) age.dataset.timeUs = block.time_us;
    showAge();
  };

  // Puts the view's new content where the old one was; what has the focus keeps it.
  const refresh = async () => {
    const answer = await fetch(location.href, {headers: {Accept: 'text/html'}});
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.getElementById('main');
    if (!fresh) return;
    if (page.body.dataset.reader !== document.body.dataset.reader) return location.reload();  // signed out
    const active = document.activeElement;
    const inside = main.contains(active) && active !== main;
    if (inside && active.matches('input, button')) return;  // somebody is writing
    const href = inside && active.getAttribute('href');
    main.replaceChildren(...fresh.childNodes);
    if (href) main.querySelector(`[href="${CSS.escape(href)}"]`)?.focus({preventScroll: true});
    document.dispatchEvent(new Event('shown'));
  };

  let waiting = false;
  const refreshSoon = () => {
    if (waiting || !('live' in main.dataset)) return;
    waiting = true;
    setTimeout(() => { waiting = false; refresh(); }, REFRESH_MS);
  };

  let next = main.dataset.treeSize;  // the first entry that this page has not been told
  let source;

  // The browser resumes by itself, unless the node had no place for it.
  const connect = () => {
    source = new EventSource(`/events?from=${next}`);
    source.addEventListener('open', () => { live.textContent = 'Live.'; });
    source.addEventListener('error', () => {
      live.textContent = 'Not connected; trying again.';
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, RETRY_MS);
    });
    source.addEventListener('entry', (event) => {
      const row = JSON.parse(event.data);
      next = Number(row.entry.index) + 1;
      news.textContent = `New entry ${row.entry.index} by ${row.author}.`;
      refreshSoon();
    });
    source.addEventListener('block', (event) => showBlock(JSON.parse(event.data)));
  };
  connect();
  addEventListener('pagehide', () => source.close());
  addEventListener('pageshow', (event) => { if (event.persisted) connect(); });
  setInterval(showAge, 1000);
})();
