/* query.h - what WinHttpQueryHeaders and its Ex form look up, without the width of WCHAR.
 *
 * Text goes out in units of 4 or 2 bytes, or as the bytes on the wire (unit 1); names come in as
 * UTF-8. The response's head was indexed when it was parsed, so a query is an array access, one
 * conversion into the caller's buffer, and no allocation; the request's lock is held for that long.
 */
#ifndef WH_WINHTTP_QUERY_H
#define WH_WINHTTP_QUERY_H

#include "winhttp/object.h"

#define WH_QUERY_MODIFIERS                                                                         \
    (WINHTTP_QUERY_FLAG_REQUEST_HEADERS | WINHTTP_QUERY_FLAG_SYSTEMTIME |                          \
     WINHTTP_QUERY_FLAG_NUMBER | WINHTTP_QUERY_FLAG_NUMBER64 | WINHTTP_QUERY_FLAG_TRAILERS |       \
     WINHTTP_QUERY_FLAG_WIRE_ENCODING)

#define WH_WIRE_UNIT 1u

struct wh_query {
    DWORD level;        /* as the application gave it: attribute and modifiers */
    struct wh_str name; /* WINHTTP_QUERY_CUSTOM only                           */
    unsigned unit;      /* bytes per character of the answer: 4, 2, 1          */
};

/* Where an answer goes. `into` may be NULL or misaligned. */
struct wh_answer {
    void *into;
    DWORD bytes; /* in: room; out: as WinHttpQueryHeaders says (facts 74, 75, 78) */
};

/* Answer one query. *index is the instance wanted, and goes up when one was found and written.
 *
 * ERROR_INSUFFICIENT_BUFFER with answer->bytes as needed; with any other failure it keeps its
 * value. The buffer is written on success only.
 */
DWORD wh_query_headers(struct wh_request *request, const struct wh_query *query,
                       struct wh_answer *answer, DWORD *index);

/* The same for pairs of name and value: a table of WINHTTP_EXTENDED_HEADER, then its strings.
 * *table and *count are set on success. */
DWORD wh_query_header_table(struct wh_request *request, const struct wh_query *query,
                            struct wh_answer *answer, DWORD *index, WINHTTP_EXTENDED_HEADER **table,
                            DWORD *count);

/* Dates, as SYSTEMTIME has them. False, nothing written: no such date. */
bool wh_date_of_system_time(char *text, const SYSTEMTIME *time); /* WH_DATE_LEN bytes */
bool wh_date_to_system_time(const char *text, size_t len, SYSTEMTIME *time);

#endif
