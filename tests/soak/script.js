// What the rounds do in a page. `root` is the document, or what an element shows.
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const root = () => document.querySelector('tieline-form')?.shadowRoot ?? document;
const named = (path) => [...root().querySelectorAll('[name]')].filter((e) => e.name === path);
const button = (text) => [...root().querySelectorAll('button')]
  .find((e) => e.checkVisibility() && e.textContent.replace(/\s+/g, ' ').trim().startsWith(text));
const submit = () => root().querySelector('button[type=submit]');
const until = async (look, ms = 20000) => {
  for (const end = performance.now() + ms; performance.now() < end; await sleep(20)) {
    const found = look();
    if (found) return found;
  }
  return null;
};
const put = async (path, text) => {
  const all = await until(() => (named(path).length ? named(path) : null));
  if (!all) return false;
  const e = all.find((e) => e.type === 'radio' && e.value === text) ?? all[0];
  if (e.type === 'radio') { if (!e.checked) e.click(); return true; }
  if (e.type === 'checkbox') { if (String(e.checked) !== text) e.click(); return true; }
  const of = { SELECT: HTMLSelectElement, TEXTAREA: HTMLTextAreaElement }[e.tagName] ?? HTMLInputElement;
  e.focus();
  Object.getOwnPropertyDescriptor(of.prototype, 'value').set.call(e, text);
  e.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  e.dispatchEvent(new Event('change', { bubbles: true }));
  return true;
};
const fill = async (values) => {
  for (const [path, text] of values) if (!await put(path, text)) return path;
  return null;
};
// Confirms that it is to be real, as often as that, where that is asked: once the page knows the proxy.
const confirm = async (times) => {
  const asked = () => button('Create it for real');
  await until(asked, 500);
  const go = await until(() => asked() ?? (busy() ? null : 'nothing is asked'), 15000);
  if (go instanceof Element) for (let n = 0; n < times; n++) go.click();
};
const send = async () => { submit().click(); await confirm(1); };
const busy = () => Boolean(button('Sending'));
// Answers a question about another request, as a user does who knows that it was another; gives
// whether there is one about the same.
const question = () => {
  const send = button('Send it anyway');
  if (!send) return '';
  return root().textContent.includes('It had the same parameters') ? 'same' : 'other';
};
const database = () => new Promise((done, failed) => {
  const open = indexedDB.open('tieline-history');
  open.onupgradeneeded = () => open.transaction.abort();
  open.onsuccess = () => done(open.result);
  open.onerror = () => failed(open.error);
});
// The records that hold this text, among the newest.
const records = async (text) => {
  let db;
  try { db = await database(); } catch { return []; }
  const found = [];
  await new Promise((done, failed) => {
    let left = 5000;
    const walk = db.transaction('records').objectStore('records').openCursor(null, 'prev');
    walk.onerror = () => failed(walk.error);
    walk.onsuccess = () => {
      const cursor = walk.result;
      if (!cursor || left-- === 0) return done();
      const record = typeof cursor.value === 'string' ? JSON.parse(cursor.value) : cursor.value;
      if (JSON.stringify(record.params ?? record).includes(text)) found.push(record);
      cursor.continue();
    };
  });
  db.close();
  return found.map((r) => ({ outcome: r.outcome, resource: r.resource_id ?? null }));
};
// Holds the database for a while, as another tab's long transaction does.
const hold = async (ms) => {
  const db = await database();
  const work = db.transaction(['records', 'intents'], 'readwrite');
  const store = work.objectStore('records');
  const end = performance.now() + ms;
  const again = () => { if (performance.now() < end) store.get(0).onsuccess = again; };
  work.oncomplete = () => db.close();
  again();
};
// The storage is full for a while.
const full = (ms) => {
  for (const name of ['put', 'add']) {
    const own = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function () { throw new DOMException('full', 'QuotaExceededError'); };
    setTimeout(() => { IDBObjectStore.prototype[name] = own; }, ms);
  }
};
const jump = (ms) => { const now = Date.now; Date.now = () => now() + ms; };
// Puts so many old records into the history.
const grow = async (number) => {
  const db = await database();
  const work = db.transaction(['records', 'intents'], 'readwrite');
  for (let n = 1; n <= number; n++) {
    const created = Date.UTC(2025, 0, 1) + n * 1000;
    const record = {
      id: created * 1024, operation: 'CreateCen', params: { Name: `old-${n}` }, created, updated: created,
      key: `old-${n}`, outcome: 'created', resource_id: `cen-old${n}`, status: 'Active', endpoint: '/api',
    };
    work.objectStore('records').put(JSON.stringify(record), record.id);
    work.objectStore('intents').put(record.id, `CreateCen old-${n}`);
  }
  await new Promise((done, failed) => { work.oncomplete = done; work.onerror = failed; });
  db.close();
};
