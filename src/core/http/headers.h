/* headers.h - the header fields of a request while the application still edits them.
 *
 * The text is kept as the lines that will be sent, in order, in one run of bytes: sending a head is
 * one copy. An index beside it knows where each line's name and value are.
 *
 *      lines:  Accept: text/html\r\nX-One: 1\r\n
 *      index:  {ACCEPT, 0, 6, 9} {OTHER, 19, 5, 1}
 *
 * Everything that comes in is checked: a name is a token, a value has no control character but
 * HTAB. So nothing in here can end a line early, and the text needs no second look when sent.
 * Editing is O(size); heads are small. One owner, no locks.
 */
#ifndef WH_CORE_HTTP_HEADERS_H
#define WH_CORE_HTTP_HEADERS_H

#include "core/base/buf.h"
#include "core/http/field.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WH_HEADERS_INLINE 16

/* More than any server takes; keeps offsets small and an application's mistake bounded. */
#define WH_HEADERS_MAX_BYTES (16u << 20)

struct wh_header_line {
    uint32_t at; /* of the line; its name starts here, its value at name_len + 2 */
    uint32_t name_len;
    uint32_t value_len;
    uint32_t id; /* enum wh_field_id */
};

struct wh_headers {
    struct wh_buf text;
    struct wh_header_line *heap; /* NULL while the lines fit inline */
    size_t count;
    size_t room;
    struct wh_header_line few[WH_HEADERS_INLINE];
};

/* What to do with a field; combinable. Without any, or with ADD, a line is added. */
enum wh_header_how {
    WH_HEADER_ADD = 1 << 0,        /* always a new line                                    */
    WH_HEADER_ADD_IF_NEW = 1 << 1, /* fail with WH_E_HEADER_EXISTS if there is one         */
    WH_HEADER_REPLACE = 1 << 2,    /* first instance, in place; an empty value removes it;
                                        absent: WH_E_HEADER_NOT_FOUND, or added with ADD     */
    WH_HEADER_COMMA = 1 << 3,      /* append ", value" to the first instance, or add       */
    WH_HEADER_SEMICOLON = 1 << 4,  /* append "; value" to the first instance, or add       */
};

void wh_headers_init(struct wh_headers *headers);  /* allocates nothing */
void wh_headers_free(struct wh_headers *headers);  /* credentials and cookies are wiped */
void wh_headers_clear(struct wh_headers *headers); /* empty, memory kept */

/* Become a copy of `from`. WH_E_NO_MEMORY leaves `headers` as it was. */
enum wh_err wh_headers_copy(struct wh_headers *headers, const struct wh_headers *from);

/* Add, replace or extend one field, as `how` says. Blanks around the value are dropped.
 *
 * WH_E_HEADER_SYNTAX: the name is no token or the value has a control character;
 * WH_E_HEADER_EXISTS, WH_E_HEADER_NOT_FOUND as above; WH_E_NO_MEMORY;
 * WH_E_INSUFFICIENT_BUFFER past WH_HEADERS_MAX_BYTES. Nothing changes on failure.
 * Neither `name` nor `value` may point into `headers`.
 */
enum wh_err wh_headers_set(struct wh_headers *headers, const char *name, size_t name_len,
                           const char *value, size_t value_len, unsigned how);

/* The same for a block of "name: value" lines separated by any run of CR and LF.
 *
 * The whole block is checked before the first line takes effect: after WH_E_HEADER_SYNTAX nothing
 * has changed. Any other error stops at the line it concerns; those before it are done.
 * A block without any line is WH_E_HEADER_SYNTAX.
 */
enum wh_err wh_headers_set_block(struct wh_headers *headers, const char *block, size_t len,
                                 unsigned how);

/* Position of the `nth` (from 0) field of that name; wh_headers_count() if there are not as many. */
size_t wh_headers_find(const struct wh_headers *headers, const char *name, size_t len, size_t nth);
size_t wh_headers_find_id(const struct wh_headers *headers, enum wh_field_id id, size_t nth);

static inline size_t wh_headers_count(const struct wh_headers *headers)
{
    return headers->count;
}

static inline const struct wh_header_line *wh_headers_line(const struct wh_headers *headers,
                                                           size_t i)
{
    return (headers->heap ? headers->heap : headers->few) + i;
}

/* Name and value at a position below wh_headers_count(); they live until the next change. */
struct wh_str wh_headers_name(const struct wh_headers *headers, size_t i);
struct wh_str wh_headers_value(const struct wh_headers *headers, size_t i);

/* The value of the first field of this id: false if there is none. */
bool wh_headers_get(const struct wh_headers *headers, enum wh_field_id id, struct wh_str *value);

/* Is `member` in the list that all fields of this id make up? */
bool wh_headers_list_has(const struct wh_headers *headers, enum wh_field_id id, const char *member);

void wh_headers_remove(struct wh_headers *headers, size_t i);
void wh_headers_remove_id(struct wh_headers *headers, enum wh_field_id id); /* all of them */

/* All lines as they go out, each ended by CRLF, without the final empty line. */
static inline struct wh_str wh_headers_lines(const struct wh_headers *headers)
{
    return (struct wh_str){(const char *)headers->text.data, headers->text.len};
}

#endif
