/* http/reads.h -- how often each page was read, counted on loops, collected now and then.
 *
 *     struct http_reads *reads = http_reads_new(loops + 1);
 *     http_reads_add(reads, loop, story_id);                  // some 20 ns, no lock
 *     http_reads_drain(reads, each, ctx);                     // every 10 s
 *
 * A table for each place that counts. Who counts takes the table out of its place for that moment and
 * puts it back; who drains swaps a fresh one in, waiting out that moment. A table holds at most
 * HTTP_READS_IDS ids; when nobody drains, further ids are not counted.
 *
 * Inside http/ only. Threads: add: any (one thread a place is fastest); drain: one at a time. */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { HTTP_READS_IDS = 64 * 1024 };

struct http_reads;
struct http_reads *http_reads_new(size_t places);
void http_reads_free(struct http_reads *reads);
void http_reads_add(struct http_reads *reads, size_t place, int64_t id);
void http_reads_drain(struct http_reads *reads,
                      void (*each)(void *ctx, int64_t id, uint64_t reads_of_it), void *ctx);
