/* A JACK client that only counts its cycles; bystander.py compiles and runs it. libjack is
 * found at run time, so compiling needs no JACK headers. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct {
    uint64_t cycles, xruns;
} counts; /* each has one writer and is whole whenever it is read */

enum { NO_START_SERVER = 0x01, USE_EXACT_NAME = 0x02, SERVER_NAME = 0x04 };

#define JACK_FUNCTIONS(X)                                                                 \
    X(void *, client_open, (const char *, int, int *, ...))                               \
    X(int, client_close, (void *))                                                        \
    X(int, set_process_callback, (void *, int (*)(uint32_t, void *), void *))             \
    X(int, set_xrun_callback, (void *, int (*)(void *), void *))                          \
    X(int, activate, (void *))

#define DECLARE(result, name, arguments) result(*name) arguments;

typedef struct {
    counts *counts;
    void *library, *client;
    JACK_FUNCTIONS(DECLARE)
} bystander;

static void count(uint64_t *number) {
    __atomic_store_n(number, *number + 1, __ATOMIC_RELEASE);
}

static int process(uint32_t nframes, void *context) {
    (void)nframes;
    count(&((bystander *)context)->counts->cycles);
    return 0;
}

static int xrun(void *context) {
    count(&((bystander *)context)->counts->xruns);
    return 0;
}

static const char *resolve(bystander *self) {
#define RESOLVE(result, name, arguments)                                                  \
    *(void **)&self->name = dlsym(self->library, "jack_" #name);                          \
    if (self->name == NULL) return "jack_" #name;
    JACK_FUNCTIONS(RESOLVE)
    return NULL;
}

static const char *begin(bystander *self, const char *server, const char *name) {
    int status;
    const int options = NO_START_SERVER | USE_EXACT_NAME | SERVER_NAME;
    self->client = self->client_open(name, options, &status, server);
    if (self->client == NULL) return "jack_client_open";
    if (self->set_process_callback(self->client, process, self) != 0) {
        return "jack_set_process_callback";
    }
    if (self->set_xrun_callback(self->client, xrun, self) != 0) return "jack_set_xrun_callback";
    return self->activate(self->client) == 0 ? NULL : "jack_activate";
}

void bystander_close(bystander *self) {
    if (self->client != NULL) self->client_close(self->client);
    if (self->library != NULL) dlclose(self->library);
    free(self);
}

/* Open a client without ports on a running server and count in `counts`, which may be shared
 * with other processes and must stay until it is closed. NULL on failure, with the name of the
 * function that failed in *failed. */
bystander *bystander_open(const char *library, const char *server, const char *name,
                          counts *counts, const char **failed) {
    bystander *self = calloc(1, sizeof *self);
    *failed = "calloc";
    if (self == NULL) return NULL;
    self->counts = counts;
    *failed = "dlopen";
    self->library = dlopen(library, RTLD_NOW);
    if (self->library != NULL) *failed = resolve(self);
    if (*failed == NULL) *failed = begin(self, server, name);
    if (*failed == NULL) return self;
    bystander_close(self);
    return NULL;
}
