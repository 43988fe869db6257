/* A file of shared memory, as the bridge's processes attach to it. */
#ifndef LBP_MEMORY_H
#define LBP_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    void *start; /* NULL without memory */
    size_t bytes;
    int file; /* held and locked as long as the memory, so that nobody takes it for a leftover */
    char name[64];
} lbp_memory;

/* Make a file that has all its memory, and map it. False with errno. */
bool lbp_memory_make(lbp_memory *memory, size_t bytes);
void lbp_memory_remove(lbp_memory *memory); /* does nothing without memory */

#endif
