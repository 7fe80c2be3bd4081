// desk.js -- goes with every page of the desk. Each part looks for its own element and does nothing without it.
import { start as library } from "./library.js";
import { start as lists } from "./lists.js";
import { start as replies } from "./replies.js";
import { start as settings } from "./settings.js";
import { start as tasks } from "./tasks.js";

for (const start of [library, lists, replies, settings, tasks]) start();
