/* field.h - the names of header fields that anybody here asks for by name.
 *
 * A known name has a number, so that a lookup in a head is an array access and no string compare.
 * All fields that a front can query by number are here, and those the engine itself reads. Name,
 * properties and hash slot sit on one line each, in field_names.h.
 *
 * Also the small grammar that field values share: tokens, and comma-separated lists (RFC 9110,
 * sections 5.6.1 and 5.6.2). Any thread; nothing here has state.
 */
#ifndef WH_CORE_HTTP_FIELD_H
#define WH_CORE_HTTP_FIELD_H

#include "core/base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/http/field_names.h"

/* clang-format off */
enum wh_field_id {
    WH_FIELD_OTHER = 0, /* no known name */
#define X(id, name, flags, slot) WH_FIELD_##id,
    WH_FIELD_NAMES(X)
#undef X
    WH_FIELD_COUNT
};
/* clang-format on */

enum wh_field_flags {
    WH_FIELD_IS_SINGLE = 0,      /* one value; a second field line is an error or is ignored  */
    WH_FIELD_IS_LIST = 1 << 0,   /* comma-separated: several lines mean one list              */
    WH_FIELD_IS_LINES = 1 << 1,  /* several lines, but commas do not separate (Set-Cookie)    */
    WH_FIELD_IS_DATE = 1 << 2,   /* the value is an HTTP date                                 */
    WH_FIELD_IS_NUMBER = 1 << 3, /* the value is a decimal number                             */
    WH_FIELD_IS_HOP = 1 << 4,    /* concerns this connection only (RFC 9110, section 7.6.1)   */
};

/* The number of a field name, whatever its case; WH_FIELD_OTHER if it is none of ours. */
enum wh_field_id wh_field_find(const char *name, size_t len);

/* Canonical spelling, and its enum wh_field_flags. WH_FIELD_OTHER has an empty name and no flag. */
struct wh_str wh_field_name(enum wh_field_id id);
unsigned wh_field_flags(enum wh_field_id id);

/* Bytes at the start of `text` that belong to a token (RFC 9110, section 5.6.2). */
size_t wh_token_span(const char *text, size_t len);

/* Is all of it one token, and not empty? For methods and field names. */
bool wh_token_is_valid(const char *text, size_t len);

/* May these bytes be a field's value: no control character but HTAB? Empty is fine. */
bool wh_field_value_is_valid(const char *value, size_t len);

/* `text` without SP and HTAB at both ends. */
struct wh_str wh_ows_trim(const char *text, size_t len);

/* Take the next element off a comma-separated list: trimmed, never empty, commas within quoted
 * strings left alone. False when the list is used up. `rest` starts as the whole value. */
bool wh_list_next(struct wh_str *rest, struct wh_str *element);

/* Is `member` (case-insensitive) an element of this list? Parameters count: "a;q=1" is not "a". */
bool wh_list_has(const char *value, size_t len, const char *member, size_t member_len);

#endif
