/* headers.c - see headers.h. */
#include "core/http/headers.h"

#include "core/base/alloc.h"

#include <string.h>

#define SEPARATOR_LEN 2 /* ": " between name and value */
#define LINE_EXTRA    (SEPARATOR_LEN + 2)

static struct wh_header_line *lines_of(struct wh_headers *headers)
{
    return headers->heap ? headers->heap : headers->few;
}

static size_t line_size(const struct wh_header_line *line)
{
    return line->name_len + line->value_len + LINE_EXTRA;
}

static size_t value_at(const struct wh_header_line *line)
{
    return line->at + line->name_len + SEPARATOR_LEN;
}

void wh_headers_init(struct wh_headers *headers)
{
    wh_buf_init(&headers->text, WH_HEADERS_MAX_BYTES);
    headers->heap = NULL;
    headers->count = 0;
    headers->room = WH_HEADERS_INLINE;
}

void wh_headers_free(struct wh_headers *headers)
{
    wh_buf_free(&headers->text);
    wh_free(headers->heap);
    wh_headers_init(headers);
}

void wh_headers_clear(struct wh_headers *headers)
{
    wh_buf_reset(&headers->text);
    headers->count = 0;
}

/* The text buffer's errors do not stick here: each call stands for itself. */
static enum wh_err reserve_text(struct wh_headers *headers, size_t more)
{
    enum wh_err err = wh_buf_reserve(&headers->text, more);

    headers->text.err = WH_OK;
    return err;
}

static enum wh_err reserve_lines(struct wh_headers *headers, size_t count)
{
    size_t room = headers->room;
    struct wh_header_line *heap;

    while (room < count)
        room *= 2;
    if (room == headers->room)
        return WH_OK;
    heap = wh_realloc(headers->heap, room * sizeof(*heap));
    if (!heap)
        return WH_E_NO_MEMORY;
    if (!headers->heap)
        memcpy(heap, headers->few, headers->count * sizeof(*heap));
    headers->heap = heap;
    headers->room = room;
    return WH_OK;
}

enum wh_err wh_headers_copy(struct wh_headers *headers, const struct wh_headers *from)
{
    struct wh_headers copy;
    enum wh_err err;

    wh_headers_init(&copy);
    copy.text.wipe = from->text.wipe;
    err = reserve_lines(&copy, from->count);
    if (!err)
        err = wh_buf_put(&copy.text, from->text.data, from->text.len);
    if (err) {
        wh_headers_free(&copy);
        return err;
    }
    if (from->count)
        memcpy(lines_of(&copy), wh_headers_line(from, 0), from->count * sizeof(*copy.heap));
    copy.count = from->count;
    wh_headers_free(headers);
    *headers = copy;
    return WH_OK;
}

/* --- looking ------------------------------------------------------------------------------- */

struct wh_str wh_headers_name(const struct wh_headers *headers, size_t i)
{
    const struct wh_header_line *line = wh_headers_line(headers, i);

    return (struct wh_str){(const char *)headers->text.data + line->at, line->name_len};
}

struct wh_str wh_headers_value(const struct wh_headers *headers, size_t i)
{
    const struct wh_header_line *line = wh_headers_line(headers, i);

    return (struct wh_str){(const char *)headers->text.data + value_at(line), line->value_len};
}

size_t wh_headers_find_id(const struct wh_headers *headers, enum wh_field_id id, size_t nth)
{
    size_t i = 0;

    for (; i < headers->count; i++)
        if (wh_headers_line(headers, i)->id == id && nth-- == 0)
            break;
    return i;
}

static size_t find(const struct wh_headers *headers, enum wh_field_id id, const char *name,
                   size_t len, size_t nth)
{
    size_t i = 0;

    if (id != WH_FIELD_OTHER)
        return wh_headers_find_id(headers, id, nth);
    for (; i < headers->count; i++) {
        struct wh_str have = wh_headers_name(headers, i);

        if (wh_ascii_equal(have.data, have.len, name, len) && nth-- == 0)
            break;
    }
    return i;
}

size_t wh_headers_find(const struct wh_headers *headers, const char *name, size_t len, size_t nth)
{
    return find(headers, wh_field_find(name, len), name, len, nth);
}

bool wh_headers_get(const struct wh_headers *headers, enum wh_field_id id, struct wh_str *value)
{
    size_t i = wh_headers_find_id(headers, id, 0);

    if (i == headers->count)
        return false;
    *value = wh_headers_value(headers, i);
    return true;
}

bool wh_headers_list_has(const struct wh_headers *headers, enum wh_field_id id, const char *member)
{
    size_t member_len = strlen(member);

    for (size_t i = 0; i < headers->count; i++) {
        struct wh_str value = wh_headers_value(headers, i);

        if (wh_headers_line(headers, i)->id == id &&
            wh_list_has(value.data, value.len, member, member_len))
            return true;
    }
    return false;
}

/* --- changing ------------------------------------------------------------------------------ */

/* One field as it came in, checked. */
struct given {
    struct wh_str name;
    struct wh_str value;
    enum wh_field_id id;
};

static enum wh_err check(const char *name, size_t name_len, const char *value, size_t value_len,
                         struct given *out)
{
    out->id = wh_field_find(name, name_len);
    out->name = (struct wh_str){name, name_len};
    out->value = wh_ows_trim(value, value_len);
    if ((out->id == WH_FIELD_OTHER && !wh_token_is_valid(name, name_len)) ||
        !wh_field_value_is_valid(out->value.data, out->value.len))
        return WH_E_HEADER_SYNTAX;
    if (name_len > WH_HEADERS_MAX_BYTES || value_len > WH_HEADERS_MAX_BYTES)
        return WH_E_INSUFFICIENT_BUFFER;
    return WH_OK;
}

/* From here on the text may hold what nobody else may read. */
static void note_secret(struct wh_headers *headers, enum wh_field_id id)
{
    if (id == WH_FIELD_AUTHORIZATION || id == WH_FIELD_PROXY_AUTHORIZATION || id == WH_FIELD_COOKIE)
        headers->text.wipe = true;
}

static enum wh_err append_line(struct wh_headers *headers, const struct given *field)
{
    size_t size = field->name.len + field->value.len + LINE_EXTRA;
    enum wh_err err;

    note_secret(headers, field->id);
    err = reserve_text(headers, size);
    if (!err)
        err = reserve_lines(headers, headers->count + 1);
    if (err)
        return err;
    lines_of(headers)[headers->count++] = (struct wh_header_line){
        .at = (uint32_t)headers->text.len,
        .name_len = (uint32_t)field->name.len,
        .value_len = (uint32_t)field->value.len,
        .id = field->id,
    };
    wh_buf_put_str(&headers->text, field->name);
    wh_buf_put_literal(&headers->text, ": ");
    wh_buf_put_str(&headers->text, field->value);
    wh_buf_put_literal(&headers->text, "\r\n");
    return WH_OK;
}

/* Lines from `i` on begin `by` bytes further on, or before. */
static void shift_lines(struct wh_headers *headers, size_t i, ptrdiff_t by)
{
    for (; i < headers->count; i++)
        lines_of(headers)[i].at = (uint32_t)((ptrdiff_t)lines_of(headers)[i].at + by);
}

/* Put `bytes` in place of the `old_len` bytes at `offset` of line i's value. */
static enum wh_err splice_value(struct wh_headers *headers, size_t i, size_t offset, size_t old_len,
                                struct wh_str lead, struct wh_str bytes)
{
    struct wh_header_line *line = lines_of(headers) + i;
    size_t at = value_at(line) + offset;
    size_t len = lead.len + bytes.len;
    enum wh_err err = reserve_text(headers, len > old_len ? len - old_len : 0);

    if (err)
        return err;
    wh_buf_splice(&headers->text, at, old_len, NULL, len);
    if (lead.len)
        memcpy(headers->text.data + at, lead.data, lead.len);
    if (bytes.len)
        memcpy(headers->text.data + at + lead.len, bytes.data, bytes.len);
    line->value_len = (uint32_t)(line->value_len - old_len + len);
    shift_lines(headers, i + 1, (ptrdiff_t)len - (ptrdiff_t)old_len);
    return WH_OK;
}

static enum wh_err replace_line(struct wh_headers *headers, size_t i, const struct given *field)
{
    struct wh_header_line *line = lines_of(headers) + i;
    enum wh_err err;

    if (!field->value.len) {
        wh_headers_remove(headers, i);
        return WH_OK;
    }
    err = splice_value(headers, i, 0, line->value_len, WH_STR(""), field->value);
    if (!err) /* the same name, but the spelling is the application's latest */
        memcpy(headers->text.data + line->at, field->name.data, field->name.len);
    return err;
}

static enum wh_err extend_line(struct wh_headers *headers, size_t i, const struct given *field,
                               struct wh_str separator)
{
    size_t old = wh_headers_line(headers, i)->value_len;

    if (!field->value.len)
        return WH_OK;
    return splice_value(headers, i, old, 0, old ? separator : WH_STR(""), field->value);
}

static enum wh_err apply(struct wh_headers *headers, const struct given *field, unsigned how)
{
    size_t i = find(headers, field->id, field->name.data, field->name.len, 0);

    if (i == headers->count) {
        if ((how & WH_HEADER_REPLACE) && !(how & (WH_HEADER_ADD | WH_HEADER_ADD_IF_NEW)))
            return WH_E_HEADER_NOT_FOUND;
        return append_line(headers, field);
    }
    if (how & WH_HEADER_ADD_IF_NEW)
        return WH_E_HEADER_EXISTS;
    if (how & WH_HEADER_REPLACE)
        return replace_line(headers, i, field);
    if (how & WH_HEADER_COMMA)
        return extend_line(headers, i, field, WH_STR(", "));
    if (how & WH_HEADER_SEMICOLON)
        return extend_line(headers, i, field, WH_STR("; "));
    return append_line(headers, field);
}

enum wh_err wh_headers_set(struct wh_headers *headers, const char *name, size_t name_len,
                           const char *value, size_t value_len, unsigned how)
{
    struct given field;
    enum wh_err err = check(name, name_len, value, value_len, &field);

    return err ? err : apply(headers, &field, how);
}

static bool is_break(char c)
{
    return c == '\r' || c == '\n';
}

/* Take the next line that is not empty off a block. */
static bool next_line(struct wh_str *rest, struct wh_str *line)
{
    size_t from = 0;
    size_t to;

    *line = *rest;
    if (rest->len == 0) /* maybe no address either */
        return false;
    while (from < rest->len && is_break(rest->data[from]))
        from++;
    to = from;
    while (to < rest->len && !is_break(rest->data[to])) {
        to++;
        to += wh_text_find_control(rest->data + to, rest->len - to);
    }
    *line = (struct wh_str){rest->data + from, to - from};
    *rest = (struct wh_str){rest->data + to, rest->len - to};
    return to > from;
}

/* "name: value"; the colon follows the name directly, so a leading blank is refused as well. */
static enum wh_err check_line(struct wh_str line, struct given *out)
{
    const char *colon = memchr(line.data, ':', line.len);
    size_t name_len = colon ? (size_t)(colon - line.data) : 0;

    if (!name_len)
        return WH_E_HEADER_SYNTAX;
    return check(line.data, name_len, line.data + name_len + 1, line.len - name_len - 1, out);
}

enum wh_err wh_headers_set_block(struct wh_headers *headers, const char *block, size_t len,
                                 unsigned how)
{
    struct wh_str rest = {block, len};
    struct wh_str line;
    struct given field;
    enum wh_err err = WH_E_HEADER_SYNTAX;

    while (next_line(&rest, &line)) {
        err = check_line(line, &field);
        if (err)
            return err;
    }
    rest = (struct wh_str){block, len};
    while (next_line(&rest, &line)) {
        err = check_line(line, &field);
        if (!err)
            err = apply(headers, &field, how);
        if (err)
            return err;
    }
    return err;
}

void wh_headers_remove(struct wh_headers *headers, size_t i)
{
    struct wh_header_line *lines = lines_of(headers);
    size_t size = line_size(&lines[i]);

    wh_buf_splice(&headers->text, lines[i].at, size, NULL, 0);
    headers->count--;
    memmove(lines + i, lines + i + 1, (headers->count - i) * sizeof(*lines));
    shift_lines(headers, i, -(ptrdiff_t)size);
}

void wh_headers_remove_id(struct wh_headers *headers, enum wh_field_id id)
{
    size_t i;

    while ((i = wh_headers_find_id(headers, id, 0)) < headers->count)
        wh_headers_remove(headers, i);
}
