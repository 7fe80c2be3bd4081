// embeds.js -- an address that was pasted, as the card that the sanitizer makes of a player (src/text/sanitize_address.c).
//
// The list is the sanitizer's: the player of each service, and the page it stands for. Nobody is asked what the address shows;
// the label is the service's name until the editor writes another.

const ID = "([A-Za-z0-9._-]+)";

// Of an address without "www." and "m.": what it looks like, the service, its player and its page.
const PLAYERS = [
  [`^youtube\\.com/watch\\?(?:[^#]*&)?v=${ID}`, "YouTube", (id) => `https://www.youtube-nocookie.com/embed/${id}`, (id) => `https://www.youtube.com/watch?v=${id}`],
  [`^youtu\\.be/${ID}`, "YouTube", (id) => `https://www.youtube-nocookie.com/embed/${id}`, (id) => `https://www.youtube.com/watch?v=${id}`],
  [`^youtube(?:-nocookie)?\\.com/(?:embed|shorts|live|v)/${ID}`, "YouTube", (id) => `https://www.youtube-nocookie.com/embed/${id}`, (id) => `https://www.youtube.com/watch?v=${id}`],
  [`^(?:player\\.)?vimeo\\.com/(?:video/|channels/[^/]+/)?([0-9]+)`, "Vimeo", (id) => `https://player.vimeo.com/video/${id}`, (id) => `https://vimeo.com/${id}`],
  [`^dailymotion\\.com/(?:embed/)?video/${ID}`, "Dailymotion", (id) => `https://www.dailymotion.com/embed/video/${id}`, (id) => `https://www.dailymotion.com/video/${id}`],
  [`^dai\\.ly/${ID}`, "Dailymotion", (id) => `https://www.dailymotion.com/embed/video/${id}`, (id) => `https://www.dailymotion.com/video/${id}`],
  [`^archive\\.org/(?:details|embed)/${ID}`, "Internet Archive", (id) => `https://archive.org/embed/${id}`, (id) => `https://archive.org/details/${id}`],
  ["^open\\.spotify\\.com/(?:embed/|intl-[a-z]+/)?((?:track|album|playlist|episode|show|artist)/[A-Za-z0-9]+)", "Spotify",
    (rest) => `https://open.spotify.com/embed/${rest}`, (rest) => `https://open.spotify.com/${rest}`],
  ["^(?:embed\\.)?podcasts\\.apple\\.com/([^#]+)", "Apple Podcasts", (rest) => `https://embed.podcasts.apple.com/${rest}`, (rest) => `https://podcasts.apple.com/${rest}`],
  ["^w\\.soundcloud\\.com/player/([^#]*)", "SoundCloud", (rest) => `https://w.soundcloud.com/player/${rest}`, (rest) => `https://w.soundcloud.com/player/${rest}`],
  ["^bandcamp\\.com/EmbeddedPlayer/([^#]+)", "Bandcamp", (rest) => `https://bandcamp.com/EmbeddedPlayer/${rest}`, (rest) => `https://bandcamp.com/EmbeddedPlayer/${rest}`],
  ["^openstreetmap\\.org/export/embed\\.html([^#]*)", "OpenStreetMap", (rest) => `https://www.openstreetmap.org/export/embed.html${rest}`, (rest) => `https://www.openstreetmap.org/export/embed.html${rest}`],
  ["^google\\.com/maps/embed([^#]*)", "Google Maps", (rest) => `https://www.google.com/maps/embed${rest}`, (rest) => `https://www.google.com/maps/embed${rest}`],
].map(([pattern, ...rest]) => [new RegExp(pattern), ...rest]);

/** The bare address that a text is, with a scheme; null when it is something else. */
export function addressIn(text) {
  const trimmed = text.trim();
  if (/\s/.test(trimmed) || !/^(?:https?:\/\/|mailto:|tel:)[^\s<>"]+$/i.test(trimmed)) return null;
  return trimmed;
}

/** The address in an <iframe ...> that somebody copied from a service. */
export function addressInIframe(text) {
  const found = /^\s*<iframe\b[^>]*\bsrc="([^"]+)"[^>]*>\s*<\/iframe>\s*$/i.exec(text);
  if (!found) return null;
  const src = found[1].replaceAll("&amp;", "&");
  return src.startsWith("//") ? `https:${src}` : src;
}

/** Attributes of an embed node; null when the address is of no service on the list. */
export function embedOf(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  const plain = url.host.replace(/^(www|m)\./, "") + url.pathname + url.search;
  for (const [pattern, service, player, page] of PLAYERS) {
    const found = pattern.exec(plain);
    if (!found) continue;
    const link = { class: "kg-embed-link", href: page(found[1]), "data-embed-src": player(found[1]), rel: "noopener" };
    return { html: { class: "kg-card kg-embed-card" }, link, label: service };
  }
  return null;
}

/** Attributes of a link as the sanitizer writes them: rel of a page that is not ours. */
export function linkTo(href, before = null) {
  const { rel, ...others } = before ?? {};
  const follow = (rel ?? "").split(" ").filter((word) => word === "nofollow" || word === "sponsored" || word === "ugc");
  const outside = /^https?:\/\//i.test(href) && !href.startsWith(`${location.origin}/`) && href !== location.origin;
  const words = outside ? ["noopener", ...follow] : follow;
  const html = { ...others, href };
  return words.length > 0 ? { ...html, rel: words.join(" ") } : html;
}

/** What somebody types as an address: "example.org" and "a@example.org" get their schemes. "" is none. */
export function addressTyped(text) {
  const trimmed = text.trim();
  if (trimmed === "" || /^(?:https?:\/\/|mailto:|tel:|\/|#|\?)/i.test(trimmed)) return trimmed;
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(trimmed)) return `mailto:${trimmed}`;
  if (/^[a-z][a-z0-9+.-]*:/i.test(trimmed) && !/^[^/:]+:\d/.test(trimmed)) return ""; // a scheme that is not let through
  return /^[^\s/]+\.[a-z]{2,}/i.test(trimmed) ? `https://${trimmed}` : trimmed;
}
