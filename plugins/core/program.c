/* The program that a plugin starts; see program.h. */
#define _GNU_SOURCE
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_WORDS 16
#define LONGEST 4096

static size_t read_lines(const char *folder, char **words) {
    char line[LONGEST];
    size_t count = 0;
    snprintf(line, sizeof line, "%s/program", folder);
    FILE *file = fopen(line, "re");
    if (file == NULL) return 0;
    while (count < MOST_WORDS && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] != '\0') words[count++] = strdup(line);
    }
    fclose(file);
    return count;
}

char **lbp_program_read(const char *folder) {
    char **words = calloc(MOST_WORDS + 1, sizeof *words);
    const char *named = getenv("LIVEBAND_PROGRAM");
    if (words == NULL) return NULL;
    if (named != NULL && named[0] != '\0') {
        words[0] = strdup(named);
    } else if (read_lines(folder, words) == 0) {
        words[0] = strdup("liveband");
    }
    if (words[0] != NULL) return words;
    lbp_program_free(words);
    return NULL;
}

void lbp_program_free(char **program) {
    for (char **word = program; word != NULL && *word != NULL; ++word) free(*word);
    free(program);
}
