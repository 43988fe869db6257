/* The control process of an instance: started, watched and ended. */
#ifndef LBP_PROCESS_H
#define LBP_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "share.h"

typedef struct lbp_process lbp_process;

/* Start a program with the end of a pipe as its standard input: it is to end when that closes,
 * as it does when the host dies. A thread counts the host's heartbeats, and clears what `share`
 * says of the engine when the program has ended. `arguments` ends with NULL. NULL with errno. */
lbp_process *lbp_process_start(char *const *arguments, lb_share *share);
bool lbp_process_runs(const lbp_process *process);
bool lbp_process_stands(const lbp_process *process); /* no sign of life for five seconds */
/* What became of it, for people; empty while it runs and is well. */
void lbp_process_fate(const lbp_process *process, char *text, size_t size);
/* Close the pipe, and kill the process and its children if they do not end within a second. */
void lbp_process_end(lbp_process *process);

#endif
