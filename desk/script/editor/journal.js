// journal.js -- the browser's own copy of what is being written: there before anything went over the network, and still
// there when the machine, the browser or the server was gone.
//
// One record for each site, person, story and page that has it open, in IndexedDB: the form's fields as they would be sent, the
// version they are based on, and whether the desk has had them since. Two pages of one person keep two records; each holds a lock
// of the browser's for as long as it is open, so that another page tells what was left behind from what is still being written.
// A browser that keeps nothing (private windows of some) gives a journal that says so: keep() then answers false, and the page warns
// before it is left.

const NAME = "broadsheet-desk";
const STORE = "journal";
const OLD_MS = 60 * 24 * 3600 * 1000; // what nobody came back for

function request(of) {
  return new Promise((resolve, reject) => {
    of.onsuccess = () => resolve(of.result);
    of.onerror = () => reject(of.error);
  });
}

function openDatabase() {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "key" });
  return request(opening);
}

/** A name for this page: not crypto.randomUUID, which a site without https has not. */
function pageName() {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(16).padStart(8, "0")).join("");
}

export class Journal {
  constructor(person) {
    this.person = person;
    this.page = pageName();
    this.ready = openDatabase().catch(() => null);
    void navigator.locks?.request(this.lock(this.page), () => new Promise(() => {})); // until the page goes
  }

  lock(page) {
    return `${NAME} ${page}`;
  }

  prefix(story) {
    return `${location.origin} ${this.person} ${story} `;
  }

  async store(mode) {
    const database = await this.ready;
    return database && database.transaction(STORE, mode).objectStore(STORE);
  }

  /**
   * What pages that are no more left of this story, the newest first.
   * @returns {Promise<{key: string, page: string, fields: [string, string][], base: number, at: number, sent: boolean}[]>}
   */
  async leftBehind(story) {
    try {
      const store = await this.store("readonly");
      const prefix = this.prefix(story);
      const all = store ? await request(store.getAll(IDBKeyRange.bound(prefix, `${prefix}\uffff`))) : [];
      const held = new Set(((await navigator.locks?.query())?.held ?? []).map((lock) => lock.name));
      return all.filter((record) => record.page !== this.page && !held.has(this.lock(record.page))).sort((a, b) => b.at - a.at);
    } catch {
      return [];
    }
  }

  /** True once it is on this machine. */
  async keep(story, { fields, base, sent }) {
    try {
      const store = await this.store("readwrite");
      if (!store) return false;
      const kept = new Promise((resolve, reject) => {
        store.transaction.oncomplete = () => resolve(true);
        store.transaction.onabort = store.transaction.onerror = () => reject(store.transaction.error);
      });
      store.put({ key: this.prefix(story) + this.page, page: this.page, fields, base, sent, at: Date.now() });
      return await kept;
    } catch {
      return false;
    }
  }

  /** This page's own, or that of another. */
  async forget(story, page = this.page) {
    try {
      const store = await this.store("readwrite");
      if (store) await request(store.delete(this.prefix(story) + page));
    } catch {
      // It will be offered once more, and can be let go then.
    }
  }

  /** Records of long ago, whatever they were of. */
  async tidy() {
    try {
      const store = await this.store("readwrite");
      for (const record of store ? await request(store.getAll()) : []) if (Date.now() - record.at > OLD_MS) store.delete(record.key);
    } catch {
      // Nothing depends on it.
    }
  }
}
