/* A client with nothing to do; see bystander.h. libjack is found at run time. */
#include <dlfcn.h>
#include <stdlib.h>

#include "bystander.h"

enum { NO_START_SERVER = 0x01, USE_EXACT_NAME = 0x02, SERVER_NAME = 0x04 };

#define JACK_FUNCTIONS(X)                                                                 \
    X(void *, client_open, (const char *, int, int *, ...))                               \
    X(int, client_close, (void *))                                                        \
    X(int, set_process_callback, (void *, int (*)(uint32_t, void *), void *))             \
    X(int, set_xrun_callback, (void *, int (*)(void *), void *))                          \
    X(int, activate, (void *))

#define DECLARE(result, name, arguments) result(*name) arguments;

struct lb_bystander {
    lb_bystander_counts *counts;
    void *library, *client;
    JACK_FUNCTIONS(DECLARE)
};

static void count(uint64_t *number) {
    __atomic_store_n(number, *number + 1, __ATOMIC_RELEASE);
}

static int process(uint32_t nframes, void *context) {
    (void)nframes;
    count(&((lb_bystander *)context)->counts->cycles);
    return 0;
}

static int xrun(void *context) {
    count(&((lb_bystander *)context)->counts->xruns);
    return 0;
}

static const char *resolve(lb_bystander *self) {
#define RESOLVE(result, name, arguments)                                                  \
    *(void **)&self->name = dlsym(self->library, "jack_" #name);                          \
    if (self->name == NULL) return "jack_" #name;
    JACK_FUNCTIONS(RESOLVE)
    return NULL;
}

static const char *begin(lb_bystander *self, const char *server, const char *name) {
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

lb_bystander *lb_bystander_open(const char *library, const char *server, const char *name,
                                lb_bystander_counts *counts, const char **failed) {
    lb_bystander *self = calloc(1, sizeof *self);
    *failed = "calloc";
    if (self == NULL) return NULL;
    self->counts = counts;
    *failed = "dlopen";
    self->library = dlopen(library, RTLD_NOW);
    if (self->library != NULL) *failed = resolve(self);
    if (*failed == NULL) *failed = begin(self, server, name);
    if (*failed == NULL) return self;
    lb_bystander_close(self);
    return NULL;
}

void lb_bystander_close(lb_bystander *self) {
    if (self == NULL) return;
    if (self->client != NULL) self->client_close(self->client);
    if (self->library != NULL) dlclose(self->library);
    free(self);
}
