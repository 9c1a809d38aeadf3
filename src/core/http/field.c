/* field.c - see field.h. */
#include "core/http/field.h"

#include <string.h>

static const struct wh_str names[WH_FIELD_COUNT] = {[WH_FIELD_OTHER] = {"", 0},
#define X(id, name, flags, slot) [WH_FIELD_##id] = {name, sizeof(name) - 1},
                                                    WH_FIELD_NAMES(X)
#undef X
};

static const uint8_t properties[WH_FIELD_COUNT] = {
#define X(id, name, flags, slot) [WH_FIELD_##id] = flags,
    WH_FIELD_NAMES(X)
#undef X
};

/* Which name may be in a slot; OTHER in the empty ones. */
static const uint8_t slots[WH_FIELD_HASH_SLOTS] = {
#define X(id, name, flags, slot) [slot] = WH_FIELD_##id,
    WH_FIELD_NAMES(X)
#undef X
};

enum wh_field_id wh_field_find(const char *name, size_t len)
{
    enum wh_field_id id;

    if (!len)
        return WH_FIELD_OTHER;
    id = (enum wh_field_id)slots[WH_FIELD_HASH(name, len)];
    if (names[id].len != len)
        return WH_FIELD_OTHER;
    return wh_ascii_equal(name, len, names[id].data, len) ? id : WH_FIELD_OTHER;
}

struct wh_str wh_field_name(enum wh_field_id id)
{
    return names[id];
}

unsigned wh_field_flags(enum wh_field_id id)
{
    return properties[id];
}

/* RFC 9110, section 5.6.2. */
static const bool is_token_char[256] = {
    ['!'] = 1, ['#'] = 1, ['$'] = 1, ['%'] = 1, ['&'] = 1, ['\''] = 1, ['*'] = 1, ['+'] = 1,
    ['-'] = 1, ['.'] = 1, ['^'] = 1, ['_'] = 1, ['`'] = 1, ['|'] = 1,  ['~'] = 1,

    ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1,  ['6'] = 1, ['7'] = 1,
    ['8'] = 1, ['9'] = 1,

    ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1,  ['G'] = 1, ['H'] = 1,
    ['I'] = 1, ['J'] = 1, ['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1,  ['O'] = 1, ['P'] = 1,
    ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1, ['U'] = 1, ['V'] = 1,  ['W'] = 1, ['X'] = 1,
    ['Y'] = 1, ['Z'] = 1,

    ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1,  ['g'] = 1, ['h'] = 1,
    ['i'] = 1, ['j'] = 1, ['k'] = 1, ['l'] = 1, ['m'] = 1, ['n'] = 1,  ['o'] = 1, ['p'] = 1,
    ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1, ['u'] = 1, ['v'] = 1,  ['w'] = 1, ['x'] = 1,
    ['y'] = 1, ['z'] = 1,
};

size_t wh_token_span(const char *text, size_t len)
{
    size_t i = 0;

    while (i < len && is_token_char[(unsigned char)text[i]])
        i++;
    return i;
}

bool wh_token_is_valid(const char *text, size_t len)
{
    return len && wh_token_span(text, len) == len;
}

bool wh_field_value_is_valid(const char *value, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        i += wh_text_find_control(value + i, len - i);
        if (i < len && value[i] != '\t')
            return false;
    }
    return true;
}

static bool is_ows(char c)
{
    return c == ' ' || c == '\t';
}

struct wh_str wh_ows_trim(const char *text, size_t len)
{
    while (len && is_ows(*text)) {
        text++;
        len--;
    }
    while (len && is_ows(text[len - 1]))
        len--;
    return (struct wh_str){text, len};
}

/* Position of the comma that ends the first element, or the end. */
static size_t element_end(struct wh_str list)
{
    bool quoted = false;

    for (size_t i = 0; i < list.len; i++) {
        if (list.data[i] == '"')
            quoted = !quoted;
        else if (quoted && list.data[i] == '\\')
            i++;
        else if (!quoted && list.data[i] == ',')
            return i;
    }
    return list.len;
}

bool wh_list_next(struct wh_str *rest, struct wh_str *element)
{
    while (rest->len) {
        size_t end = element_end(*rest);
        size_t step = end < rest->len ? end + 1 : end;
        struct wh_str found = wh_ows_trim(rest->data, end);

        rest->data += step;
        rest->len -= step;
        if (found.len) {
            *element = found;
            return true;
        }
    }
    return false;
}

bool wh_list_has(const char *value, size_t len, const char *member, size_t member_len)
{
    struct wh_str rest = {value, len};
    struct wh_str element;

    while (wh_list_next(&rest, &element))
        if (wh_ascii_equal(element.data, element.len, member, member_len))
            return true;
    return false;
}
