/* A file of shared memory; see memory.h. */
#define _GNU_SOURCE
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#define FOLDER "/dev/shm/"

static void path_of(const lbp_memory *memory, char *path, size_t size) {
    snprintf(path, size, FOLDER "%s", memory->name);
}

bool lbp_memory_make(lbp_memory *memory, size_t bytes) {
    char path[sizeof FOLDER + sizeof memory->name];
    uint32_t unique = 0;
    if (getrandom(&unique, sizeof unique, 0) < 0) return false;
    snprintf(memory->name, sizeof memory->name, "liveband-%d-%08x", getpid(), unique);
    path_of(memory, path, sizeof path);
    memory->file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (memory->file < 0) return false;
    int error = flock(memory->file, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
    if (error == 0) error = posix_fallocate(memory->file, 0, (off_t)bytes);
    if (error == 0) {
        memory->start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, memory->file, 0);
        if (memory->start != MAP_FAILED) {
            memory->bytes = bytes;
            return true;
        }
        error = errno;
        memory->start = NULL;
    }
    close(memory->file);
    unlink(path);
    errno = error;
    return false;
}

void lbp_memory_remove(lbp_memory *memory) {
    char path[sizeof FOLDER + sizeof memory->name];
    if (memory->start == NULL) return;
    munmap(memory->start, memory->bytes);
    path_of(memory, path, sizeof path);
    unlink(path);
    close(memory->file);
    memory->start = NULL;
}
