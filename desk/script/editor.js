// editor.js -- the page where a story is written.
