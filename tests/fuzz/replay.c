/* replay.c - run a fuzz target over its corpus as an ordinary test: program [--as-is] directory...
 *
 * Each file is fed whole, every prefix of it, and with each byte flipped in turn, so that a
 * compiler without libFuzzer still gets something out of the corpus; with --as-is, for targets that
 * take their time, only whole. An empty corpus is a failure.
 */
#include "fuzz.h"

#include <dirent.h>
#include <string.h>

#define LARGEST 65536

static int as_is;

/* In a block of its own, so that a read behind the end is seen. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);

    FUZZ_CHECK(copy);
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void run_variants(uint8_t *data, size_t size)
{
    static const uint8_t flips[] = {0x01, 0x20, 0x80, 0xff};

    run(data, size);
    if (as_is)
        return;
    for (size_t len = 0; len < size; len++)
        run(data, len);
    for (size_t i = 0; i < size; i++) {
        for (size_t f = 0; f < sizeof(flips); f++) {
            data[i] ^= flips[f];
            run(data, size);
            data[i] ^= flips[f];
        }
    }
}

static void run_file(const char *path)
{
    static uint8_t data[LARGEST];
    FILE *file = fopen(path, "rb");

    FUZZ_CHECK(file);
    size_t size = fread(data, 1, sizeof(data), file);

    fclose(file);
    run_variants(data, size);
}

static size_t run_directory(const char *directory)
{
    DIR *dir = opendir(directory);
    struct dirent *entry;
    size_t files = 0;

    FUZZ_CHECK(dir);
    while ((entry = readdir(dir))) {
        char path[4096];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
        run_file(path);
        files++;
    }
    closedir(dir);
    return files;
}

int main(int argc, char **argv)
{
    size_t files = 0;

    as_is = argc > 1 && strcmp(argv[1], "--as-is") == 0;
    for (int i = 1 + as_is; i < argc; i++)
        files += run_directory(argv[i]);
    printf("%zu inputs and their variants\n", files);
    return files ? EXIT_SUCCESS : EXIT_FAILURE;
}
