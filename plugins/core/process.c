/* The control process of an instance; see process.h. */
#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "monotonic_clock.h"

#define HEARTBEAT_MS 100
#define STANDING_MS 5000 /* without a heartbeat of the process: it stands */
#define LOOK_MS 300      /* most that one look counts: the whole machine may have slept between two */
#define PATIENCE_MS 1000 /* until a process that was asked to end is killed */
#define REAP_MS 500      /* until a killed process is left to the system */
#define FAILED 4         /* EngineState.FAILED of bridge/audio/shared/counters.py */

extern char **environ;

struct lbp_process {
    lb_share *share;
    pid_t pid;
    int lifeline; /* our end of its standard input */
    int wake[2];  /* ends the watching thread */
    pthread_t watch;
    _Atomic int ended, stands;
    int how, code; /* of waitid, once it has ended; 0 where the host has reaped it */
    bool beats; /* these four are the watching thread's */
    uint32_t heard;
    float missed_ms;
    struct timespec looked;
};

/* Whether the process has ended, or was reaped by the host. What it left of its group, such as a
 * stopped engine, is killed while its number is still taken. */
static bool has_ended(lbp_process *process) {
    siginfo_t found = {0};
    if (LB_LOAD(process->ended)) return true;
    const int options = WEXITED | WNOHANG | WNOWAIT;
    const int result = waitid(P_PID, (id_t)process->pid, &found, options);
    if (result == 0 && found.si_pid == 0) return false;
    if (result != 0 && errno == EINTR) return false;
    if (result == 0) {
        process->how = found.si_code;
        process->code = found.si_status;
        kill(-process->pid, SIGKILL);
        waitpid(process->pid, NULL, WNOHANG);
    }
    lb_share_set_settled(process->share, 0);
    lb_share_set_engine_state(process->share, FAILED);
    lb_share_set_engine_live(process->share, 0);
    LB_STORE(process->ended, 1);
    return true;
}

/* Note whether its heartbeats go on; the first one comes when the band plays. */
static void listen_to(lbp_process *process) {
    const uint32_t heard = lb_share_control_heartbeats(process->share);
    const struct timespec now = lb_now();
    const float passed_ms = lb_us_between(process->looked, now) * 1e-3f;
    if (heard != process->heard) process->beats = true;
    process->missed_ms += passed_ms < LOOK_MS ? passed_ms : LOOK_MS;
    if (heard != process->heard) process->missed_ms = 0.0f;
    process->heard = heard;
    process->looked = now;
    LB_STORE(process->stands, process->beats && process->missed_ms > STANDING_MS);
}

static void *watch(void *context) {
    lbp_process *process = context;
    struct pollfd wake = {.fd = process->wake[0], .events = POLLIN};
    process->heard = lb_share_control_heartbeats(process->share);
    process->looked = lb_now();
    while (!has_ended(process)) {
        lb_share_count_host_heartbeat(process->share);
        listen_to(process);
        if (poll(&wake, 1, HEARTBEAT_MS) > 0) break;
    }
    return NULL;
}

/* The environment without what a host sets for its own libraries, which are not ours. */
static char **own_environment(void) {
    size_t count = 0, kept = 0;
    while (environ[count] != NULL) ++count;
    char **own = calloc(count + 1, sizeof *own);
    for (size_t i = 0; own != NULL && i < count; ++i) {
        if (strncmp(environ[i], "LD_LIBRARY_PATH=", 16) != 0) own[kept++] = environ[i];
    }
    return own;
}

/* Its signals are as at a login: audio hosts block some in their threads. */
static int set_attributes(posix_spawnattr_t *attributes) {
    sigset_t none, usual;
    const struct sched_param nice = {.sched_priority = 0};
    sigemptyset(&none);
    sigemptyset(&usual);
    const int handled[] = {SIGCHLD, SIGHUP, SIGINT, SIGPIPE, SIGTERM, SIGUSR1};
    for (size_t i = 0; i < sizeof handled / sizeof *handled; ++i) sigaddset(&usual, handled[i]);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &usual);
    posix_spawnattr_setpgroup(attributes, 0);
    posix_spawnattr_setschedpolicy(attributes, SCHED_OTHER);
    posix_spawnattr_setschedparam(attributes, &nice);
    return posix_spawnattr_setflags(attributes,
                                    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
                                        | POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSCHEDULER);
}

static int spawn(lbp_process *process, char *const *arguments, int input) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    char **environment = own_environment();
    if (environment == NULL) return ENOMEM;
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
    int error = set_attributes(&attributes);
    if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    if (error == 0) {
        error = posix_spawnp(&process->pid, arguments[0], &actions, &attributes, arguments,
                             environment);
    }
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    free(environment);
    return error;
}

static void close_all(lbp_process *process) {
    close(process->lifeline);
    close(process->wake[0]);
    close(process->wake[1]);
}

lbp_process *lbp_process_start(char *const *arguments, lb_share *share) {
    lbp_process *process = calloc(1, sizeof *process);
    int input[2];
    if (process == NULL) return NULL;
    process->share = share;
    if (pipe2(input, O_CLOEXEC) != 0) {
        free(process);
        return NULL;
    }
    process->lifeline = input[1];
    int error = pipe2(process->wake, O_CLOEXEC) == 0 ? 0 : errno;
    if (error == 0) error = spawn(process, arguments, input[0]);
    close(input[0]);
    if (error == 0) {
        error = pthread_create(&process->watch, NULL, watch, process);
        if (error != 0) kill(-process->pid, SIGKILL);
    }
    if (error == 0) return process;
    close_all(process);
    free(process);
    errno = error;
    return NULL;
}

bool lbp_process_runs(const lbp_process *process) { return !LB_LOAD(process->ended); }
bool lbp_process_stands(const lbp_process *process) { return LB_LOAD(process->stands); }

void lbp_process_fate(const lbp_process *process, char *text, size_t size) {
    if (lbp_process_runs(process)) {
        snprintf(text, size, "%s", lbp_process_stands(process) ? "gives no sign of life" : "");
    } else if (process->how == CLD_EXITED) {
        snprintf(text, size, "ended with code %d", process->code);
    } else if (process->how == CLD_KILLED || process->how == CLD_DUMPED) {
        snprintf(text, size, "was killed by signal %d", process->code);
    } else {
        snprintf(text, size, "ended");
    }
}

static bool ends_within(lbp_process *process, int milliseconds) {
    for (int ms = 0; ms < milliseconds && !has_ended(process); ++ms) usleep(1000);
    return has_ended(process);
}

void lbp_process_end(lbp_process *process) {
    const char word = 0;
    while (write(process->wake[1], &word, 1) < 0 && errno == EINTR) {}
    pthread_join(process->watch, NULL);
    close_all(process);
    if (!ends_within(process, PATIENCE_MS)) {
        kill(-process->pid, SIGKILL);
        ends_within(process, REAP_MS);
    }
    free(process);
}
