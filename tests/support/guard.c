/* guard.c - see guard.h. */
#include "guard.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* Whole pages for `len` bytes, at least one, without the guard. */
static size_t room_for(size_t len)
{
    size_t page = page_size();

    return (len ? len + page - 1 : page) / page * page;
}

uint8_t *guard_copy(const void *bytes, size_t len)
{
    size_t room = room_for(len);
    uint8_t *area = (uint8_t *)mmap(NULL, room + page_size(), PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (area == MAP_FAILED || mprotect(area + room, page_size(), PROT_NONE)) {
        perror("guard page");
        abort();
    }
    if (len)
        memcpy(area + room - len, bytes, len);
    return area + room - len;
}

void guard_free(uint8_t *copy, size_t len)
{
    size_t room = room_for(len);

    munmap(copy + len - room, room + page_size());
}

static void feed_guarded(const struct cut_decoder *decoder, void *user, const uint8_t *piece,
                         size_t len)
{
    uint8_t *copy = guard_copy(piece, len);

    decoder->feed(user, copy, len);
    guard_free(copy, len);
}

void cut_everywhere(const void *bytes, size_t len, const struct cut_decoder *decoder, void *user)
{
    const uint8_t *all = (const uint8_t *)bytes;

    test_note("fed whole");
    decoder->begin(user);
    feed_guarded(decoder, user, all, len);
    decoder->end(user);

    for (size_t cut = 1; cut < len; cut++) {
        test_note("cut in two before byte %zu of %zu", cut, len);
        decoder->begin(user);
        feed_guarded(decoder, user, all, cut);
        feed_guarded(decoder, user, all + cut, len - cut);
        decoder->end(user);
    }

    test_note("fed byte by byte");
    decoder->begin(user);
    for (size_t i = 0; i < len; i++)
        feed_guarded(decoder, user, all + i, 1);
    decoder->end(user);
    test_note("%s", "");
}
