/* field_test.c - known names, tokens, lists; RFC 9110, section 5.6. */
#include "core/http/field.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

/* Copies, so that a read past the end is seen by the sanitizer. */
static enum wh_field_id find_copy(const char *name, size_t len, int (*fold)(int))
{
    char *copy;
    enum wh_field_id id;

    CHECK(len > 0 && len < 100);
    copy = malloc(len);
    for (size_t i = 0; i < len; i++)
        copy[i] = (char)fold((unsigned char)name[i]);
    id = wh_field_find(copy, len);
    free(copy);
    return id;
}

static int to_upper(int c)
{
    return c >= 'a' && c <= 'z' ? c - 32 : c;
}

static int to_lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static int high_bit(int c)
{
    return c ^ 0x80;
}

static int other_case_bit(int c)
{
    return c ^ 0x20;
}

TEST(field, every_known_name_is_found_in_any_case_and_in_its_slot)
{
    static const unsigned slots[] = {
#define X(id, name, flags, slot) slot,
        WH_FIELD_NAMES(X)
#undef X
    };

    for (int id = 1; id < WH_FIELD_COUNT; id++) {
        struct wh_str name = wh_field_name((enum wh_field_id)id);

        test_note("%s belongs in slot %u", name.data, (unsigned)WH_FIELD_HASH(name.data, name.len));
        CHECK_EQ(WH_FIELD_HASH(name.data, name.len), slots[id - 1]);
        CHECK_EQ(wh_field_find(name.data, name.len), id);
        CHECK_EQ(find_copy(name.data, name.len, to_upper), id);
        CHECK_EQ(find_copy(name.data, name.len, to_lower), id);
        CHECK_EQ(find_copy(name.data, name.len, high_bit), WH_FIELD_OTHER);
        CHECK(find_copy(name.data, name.len - 1, to_lower) != (enum wh_field_id)id);
        if (memchr(name.data, '-', name.len))
            CHECK_EQ(find_copy(name.data, name.len, other_case_bit), WH_FIELD_OTHER);
    }
}

TEST(field, unknown_names_are_other)
{
    static const char *const names[] = {"",   "X", "X-Custom", "Content-Lengthy", "Content_Length",
                                        "Hos"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        CHECK_EQ(wh_field_find(names[i], strlen(names[i])), WH_FIELD_OTHER);
    CHECK_STR(wh_field_name(WH_FIELD_OTHER).data, "");
}

TEST(field, properties_are_told)
{
    CHECK_EQ(wh_field_flags(WH_FIELD_CONNECTION), WH_FIELD_IS_LIST | WH_FIELD_IS_HOP);
    CHECK_EQ(wh_field_flags(WH_FIELD_SET_COOKIE), WH_FIELD_IS_LINES);
    CHECK_EQ(wh_field_flags(WH_FIELD_LAST_MODIFIED), WH_FIELD_IS_DATE);
    CHECK_EQ(wh_field_flags(WH_FIELD_CONTENT_LENGTH), WH_FIELD_IS_NUMBER);
    CHECK_EQ(wh_field_flags(WH_FIELD_HOST), WH_FIELD_IS_SINGLE);
}

TEST(token, is_what_rfc_9110_lists)
{
    static const char *const allowed =
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    for (unsigned c = 0; c < 256; c++) {
        char byte = (char)c;

        CHECK_EQ(wh_token_is_valid(&byte, 1), c && strchr(allowed, (int)c) != NULL);
    }
    CHECK(!wh_token_is_valid("", 0));
    CHECK_EQ(wh_token_span("GET /", 5), 3);
}

TEST(value, has_no_control_character_but_tab)
{
    for (unsigned c = 0; c < 256; c++) {
        char value[12] = "abc\tdef ghij";

        value[9] = (char)c;
        CHECK_EQ(wh_field_value_is_valid(value, sizeof(value)),
                 c == '\t' || (c >= 0x20 && c != 0x7f));
    }
    CHECK(wh_field_value_is_valid("", 0));
    CHECK(wh_field_value_is_valid("\t\t", 2));
}

TEST(list, elements_come_trimmed_and_never_empty)
{
    struct wh_str rest = WH_STR(" a ,, b;q=\"x,\\\"y\" ,\t,c,");
    static const char *const want[] = {"a", "b;q=\"x,\\\"y\"", "c"};
    struct wh_str element;

    for (size_t i = 0; i < 3; i++) {
        CHECK(wh_list_next(&rest, &element));
        CHECK_EQ(element.len, strlen(want[i]));
        CHECK_MEM(element.data, want[i], element.len);
    }
    CHECK(!wh_list_next(&rest, &element));
}

TEST(list, membership_is_of_whole_elements)
{
    CHECK(wh_list_has("Keep-Alive, Close", 17, "close", 5));
    CHECK(!wh_list_has("closed, not-close", 17, "close", 5));
    CHECK(!wh_list_has("close;x", 7, "close", 5));
    CHECK(!wh_list_has("", 0, "close", 5));
}
