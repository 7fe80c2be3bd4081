/* media/worker/job.h -- what the worker can be asked to do, one function each.
 *
 *     st = job_clean(ask, in_fd, out_fd, &answer, err);
 *
 * media/worker.h says what each promises; they fill in the answer's fields but its status and sentence.
 *
 * Threads: one. */
#pragma once
#include "base/status.h"
#include "media/worker/protocol.h"

MUST_USE enum status job_clean(const struct worker_ask *ask, int in_fd, int out_fd,
                               struct worker_answer *answer, struct error *err);
MUST_USE enum status job_make(const struct worker_ask *ask, int in_fd, int out_fd,
                              struct worker_answer *answer, struct error *err);
MUST_USE enum status job_card(const struct worker_ask *ask, int out_fd,
                              struct worker_answer *answer, struct error *err);
