/* cli/demo.h -- the sample paper (demo/), compiled in as a WordPress export and its pictures.
 * It comes in by the same importer as any other site. Threads: the main thread. */
#pragma once
#include "base/status.h"

struct arena;
struct desk;

MUST_USE enum status demo_fill(struct desk *desk, struct arena *arena, struct error *err);
