/* A PortAudio stream's callback, with its own prototypes: building needs no PortAudio. */
#include <stdlib.h>
#include <string.h>

#include "glue.h"

enum { PA_CONTINUE = 0 };
enum { PA_INPUT_OVERFLOW = 2, PA_OUTPUT_UNDERFLOW = 4 };

struct lb_portaudio {
    lb_host *host;
    int in_channels, out_channels;
    uint32_t players; /* ever in the band: a removed player still fades out */
    float in[2][LB_MAX_BLOCK], out[2 * LB_PLAYERS][LB_MAX_BLOCK];
};

/* A mono input serves both sides. */
static void deinterleave(lb_portaudio *stream, const float *audio, uint32_t n) {
    const int channels = stream->in_channels;
    const int right = channels > 1 ? 1 : 0;
    for (uint32_t i = 0; i < n; ++i) {
        stream->in[0][i] = audio[i * (uint32_t)channels];
        stream->in[1][i] = audio[i * (uint32_t)channels + (uint32_t)right];
    }
}

/* Each player has a pair of channels, and further players share the pairs there are. A mono
 * output takes the left sides. */
static void interleave(const lb_portaudio *stream, float *audio, uint32_t n) {
    const uint32_t channels = (uint32_t)stream->out_channels;
    const uint32_t pairs = channels > 1 ? channels / 2 : 1;
    memset(audio, 0, (size_t)n * channels * sizeof *audio);
    for (uint32_t p = 0; p < stream->players; ++p) {
        float *pair = audio + 2 * (p % pairs);
        for (uint32_t i = 0; i < n; ++i) {
            pair[i * channels] += stream->out[2 * p][i];
            if (channels > 1) pair[i * channels + 1] += stream->out[2 * p + 1][i];
        }
    }
}

static int callback(const void *input, void *output, unsigned long nframes, const void *time,
                    unsigned long flags, void *context) {
    lb_portaudio *stream = context;
    const float *in = input;
    float *out = output;
    (void)time;
    const uint32_t players = lb_share_players(lb_host_share(stream->host));
    if (players > stream->players) stream->players = players;
    float *outs[2 * LB_PLAYERS];
    for (uint32_t i = 0; i < 2 * stream->players; ++i) outs[i] = stream->out[i];
    if (flags & (PA_INPUT_OVERFLOW | PA_OUTPUT_UNDERFLOW)) lb_host_xrun(stream->host);
    while (nframes > 0) {
        const uint32_t n = nframes < LB_MAX_BLOCK ? (uint32_t)nframes : LB_MAX_BLOCK;
        deinterleave(stream, in, n);
        lb_host_process(stream->host, stream->in[0], stream->in[1], outs, stream->players, n,
                        0);
        interleave(stream, out, n);
        in += n * (uint32_t)stream->in_channels;
        out += n * (uint32_t)stream->out_channels;
        nframes -= n;
    }
    return PA_CONTINUE;
}

lb_portaudio *lb_portaudio_new(lb_host *host, int in_channels, int out_channels) {
    lb_portaudio *stream = calloc(1, sizeof *stream);
    if (stream == NULL) return NULL;
    stream->host = host;
    stream->in_channels = in_channels;
    stream->out_channels = out_channels;
    return stream;
}

void *lb_portaudio_callback(void) {
    int (*function)(const void *, void *, unsigned long, const void *, unsigned long, void *) =
        callback;
    void *pointer;
    memcpy(&pointer, &function, sizeof pointer);
    return pointer;
}

void lb_portaudio_free(lb_portaudio *stream) { free(stream); }
