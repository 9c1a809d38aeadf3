/* test_test.c - the kit holds its own promises. */
#include "test.h"
#include "guard.h"

#include <string.h>
#include <wchar.h>

TEST(kit, equal_things_are_equal)
{
    CHECK(1 + 1 == 2);
    CHECK_EQ(-1, -1);
    CHECK_STR("same", "same");
    CHECK_STR(NULL, NULL);
    CHECK_WSTR(L"\u00e4", L"\u00e4");
    CHECK_MEM("abc", "abd", 2);
    WANT_EQ(0, 0);
    WANT_STR("", "");
}

struct joined {
    char text[8];
    size_t len;
};

static void joined_begin(void *user)
{
    memset(user, 0, sizeof(struct joined));
}

static void joined_feed(void *user, const uint8_t *piece, size_t len)
{
    struct joined *joined = user;

    memcpy(joined->text + joined->len, piece, len);
    joined->len += len;
}

static void joined_end(void *user)
{
    CHECK_STR(((struct joined *)user)->text, "hello");
}

TEST(kit, a_decoder_is_fed_all_bytes_at_every_cut)
{
    static const struct cut_decoder decoder = {joined_begin, joined_feed, joined_end};
    struct joined joined;

    cut_everywhere("hello", 5, &decoder, &joined);
}

TEST(kit, a_guarded_copy_may_be_empty)
{
    uint8_t *copy = guard_copy(NULL, 0);

    CHECK(copy != NULL);
    guard_free(copy, 0);
}
