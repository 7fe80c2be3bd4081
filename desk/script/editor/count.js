// count.js -- words of a story, as the reader sees them, and how long they take to read.

// As src/text/plain.c counts for the page.
const WORDS_A_MINUTE = 275;
const FIRST_IMAGE_S = 12;
const LEAST_IMAGE_S = 3;

/** Words by the rules of their language: Japanese and Thai put no spaces between them. */
function wordsIn(text, segmenter) {
  if (!segmenter) return (text.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? []).length;
  let n = 0;
  for (const part of segmenter.segment(text)) if (part.isWordLike) n++;
  return n;
}

const SPACED = !/^(ja|zh|th|lo|km|my)\b/.test(document.documentElement.lang);
const segmenter = !SPACED && "Segmenter" in Intl ? new Intl.Segmenter(document.documentElement.lang, { granularity: "word" }) : null;
const counted = new WeakMap(); // by node: they never change

export function countWords(doc) {
  let n = 0;
  doc.descendants((node) => {
    if (!node.isTextblock) return true;
    if (!counted.has(node)) counted.set(node, wordsIn(node.textBetween(0, node.content.size, " ", " "), segmenter));
    n += counted.get(node);
    return false;
  });
  return n;
}

function countPictures(doc) {
  let n = 0;
  doc.descendants((node) => {
    if (node.type.name === "image" || node.type.name === "picture") n++;
    if (node.type.name === "gallery") n += node.attrs.images.length;
  });
  return n;
}

export function minutesToRead(doc) {
  let seconds = Math.floor((countWords(doc) * 60) / WORDS_A_MINUTE);
  const pictures = countPictures(doc);
  for (let i = 0; i < pictures; i++) seconds += Math.max(FIRST_IMAGE_S - i, LEAST_IMAGE_S);
  return Math.max(1, Math.floor((seconds + 30) / 60));
}
