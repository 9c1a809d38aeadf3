/* buf_test.c - the growable buffer and its limits. */
#include "core/base/alloc.h"
#include "core/base/buf.h"
#include "test.h"

#include <string.h>

TEST(buf, appending_grows_and_keeps_what_was_there)
{
    struct wh_buf buf;

    wh_buf_init(&buf, 100000);
    for (unsigned i = 0; i < 20000; i++)
        CHECK_EQ(wh_buf_put_byte(&buf, (uint8_t)i), WH_OK);
    CHECK_EQ(buf.len, 20000);
    for (unsigned i = 0; i < 20000; i++)
        if (buf.data[i] != (uint8_t)i)
            FAIL("byte %u", i);
    wh_buf_free(&buf);
    CHECK_EQ(buf.len, 0);
    CHECK(!buf.data);
}

TEST(buf, the_maximum_is_hard_and_the_error_sticks)
{
    struct wh_buf buf;

    wh_buf_init(&buf, 10);
    CHECK_EQ(wh_buf_put(&buf, "0123456789", 10), WH_OK);
    CHECK_EQ(wh_buf_put(&buf, "", 0), WH_OK);
    CHECK_EQ(wh_buf_put_byte(&buf, 'x'), WH_E_INSUFFICIENT_BUFFER);
    CHECK_EQ(wh_buf_put(&buf, "", 0), WH_E_INSUFFICIENT_BUFFER);
    CHECK(!wh_buf_extend(&buf, 1));
    CHECK_EQ(buf.len, 10);
    wh_buf_reset(&buf);
    CHECK_EQ(wh_buf_put_byte(&buf, 'x'), WH_OK);
    wh_buf_free(&buf);
}

TEST(buf, a_request_to_overflow_is_refused)
{
    struct wh_buf buf;

    wh_buf_init(&buf, SIZE_MAX);
    CHECK_EQ(wh_buf_put_byte(&buf, 'x'), WH_OK);
    CHECK_EQ(wh_buf_reserve(&buf, SIZE_MAX), WH_E_INSUFFICIENT_BUFFER);
    wh_buf_free(&buf);
}

TEST(buf, reset_keeps_the_room)
{
    struct wh_buf buf;
    const uint8_t *data;

    wh_buf_init(&buf, 4096);
    wh_buf_put_literal(&buf, "hello");
    data = buf.data;
    wh_buf_reset(&buf);
    wh_buf_put_u64(&buf, 18446744073709551615u);
    CHECK(buf.data == data);
    CHECK_EQ(buf.len, 20);
    CHECK_MEM(buf.data, "18446744073709551615", 20);
    wh_buf_free(&buf);
}

TEST(buf, splicing_moves_what_follows)
{
    struct wh_buf buf;

    wh_buf_init(&buf, 16);
    wh_buf_put_literal(&buf, "one two three");
    CHECK_EQ(wh_buf_splice(&buf, 4, 3, "2", 1), WH_OK);
    CHECK_EQ(buf.len, 11);
    CHECK_MEM(buf.data, "one 2 three", 11);
    CHECK_EQ(wh_buf_splice(&buf, 0, 3, "first", 5), WH_OK);
    CHECK_MEM(buf.data, "first 2 three", 13);
    CHECK_EQ(wh_buf_splice(&buf, 13, 0, "!!!!", 4), WH_E_INSUFFICIENT_BUFFER);
    CHECK_MEM(buf.data, "first 2 three", 13);
    wh_buf_reset(&buf);
    wh_buf_put_literal(&buf, "abcdef");
    wh_buf_drop_front(&buf, 4);
    CHECK_EQ(buf.len, 2);
    CHECK_MEM(buf.data, "ef", 2);
    wh_buf_free(&buf);
}

static bool no_memory(size_t size)
{
    (void)size;
    return false;
}

TEST(buf, no_memory_is_an_error_and_nothing_is_lost)
{
    struct wh_buf buf;
    char big[5000] = {0};

    wh_buf_init(&buf, 10000);
    wh_buf_put_literal(&buf, "kept");
    buf.wipe = true;
    wh_alloc_set_gate(no_memory);
    CHECK_EQ(wh_buf_put(&buf, big, sizeof(big)), WH_E_NO_MEMORY);
    wh_alloc_set_gate(NULL);
    CHECK_EQ(buf.len, 4);
    CHECK_MEM(buf.data, "kept", 4);
    wh_buf_reset(&buf);
    CHECK_EQ(wh_buf_put(&buf, big, sizeof(big)), WH_OK);
    wh_buf_free(&buf);
}
