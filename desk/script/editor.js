// editor.js -- the page where a story is written. Its parts are in editor/; page.js puts them together.
import { StoryPage } from "./editor/page.js";

const form = document.querySelector("form[data-editor]");
if (form) new StoryPage(form);
