// journal.js -- the browser's own copy of what is being written: there before anything went over the network, and still
// there when the machine, the browser or the server was gone.
//
// One record for each site, person and story in IndexedDB: the form's fields as they would be sent, the version they are based
// on, and whether the desk has had them since. A browser that keeps nothing (private windows of some) gives a journal that says so:
// keep() then answers false, and the page warns before it is left.

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

export class Journal {
  constructor(person) {
    this.person = person;
    this.ready = openDatabase().catch(() => null);
  }

  key(story) {
    return `${location.origin} ${this.person} ${story}`;
  }

  async store(mode) {
    const database = await this.ready;
    return database && database.transaction(STORE, mode).objectStore(STORE);
  }

  /** @returns {Promise<{fields: [string, string][], base: number, at: number, sent: boolean} | null>} */
  async find(story) {
    try {
      const store = await this.store("readonly");
      return (store && (await request(store.get(this.key(story))))) ?? null;
    } catch {
      return null;
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
      store.put({ key: this.key(story), fields, base, sent, at: Date.now() });
      return await kept;
    } catch {
      return false;
    }
  }

  async forget(story) {
    try {
      const store = await this.store("readwrite");
      if (store) await request(store.delete(this.key(story)));
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
