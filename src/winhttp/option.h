/* option.h - every option of WinHTTP, as one table.
 *
 * A row says what an option is called, who has it, how its value is passed, what is allowed, and
 * where it lives. Query, set, inheritance, error codes and docs/compatibility.md all come from it.
 *
 *      WinHttpQueryOption --+                       +-- plain: offset in settings, session, request
 *                           +--> row --> checks --> |
 *      WinHttpSetOption ----+                       +-- get() / set()
 *
 * Checks come in this order, because applications and behaviour facts 26 to 31, 36, 37, 50 to 53
 * rely on it: the handle is one of ours; the length pointer; the option is known, supported, and
 * can be queried or set at all; the size; the kind of handle; its state; the value. Only what a
 * connection has to tell (state_first) is asked for before its size is looked at.
 *
 * Code here is compiled once: how wide the caller's WCHARs are is an argument.
 */
#ifndef WH_WINHTTP_OPTION_H
#define WH_WINHTTP_OPTION_H

#include "core/base/text.h"
#include "winhttp/object.h"

#include <stdbool.h>
#include <stddef.h>

/* Beside enum wh_kind: the process (a NULL handle). */
#define WH_OPTION_PROCESS (1u << 6)

/* How a value is passed. */
enum wh_option_type {
    WH_OPTION_NOTHING, /* no buffer: setting it is the message                 */
    WH_OPTION_DWORD,
    WH_OPTION_BOOL,
    WH_OPTION_WORD,   /* one machine word: DWORD_PTR, pointer or handle       */
    WH_OPTION_TEXT,   /* WCHARs: set in characters, queried in bytes          */
    WH_OPTION_STRUCT, /* `size` bytes                                         */
};

enum wh_option_status {
    WH_OPTION_SUPPORTED,
    WH_OPTION_PARTIAL,   /* `note` says what is missing                          */
    WH_OPTION_NO_EFFECT, /* as documented by Microsoft                           */
    WH_OPTION_REFUSED,   /* ERROR_WINHTTP_INVALID_OPTION                         */
};

/* Where a plain value is. */
enum wh_option_place {
    WH_PLACE_NOWHERE,
    WH_PLACE_SETTINGS, /* struct wh_settings: a request copies its session's when it is opened; a
                          connection shows its session's current one (facts 14, 57, 58)        */
    WH_PLACE_SESSION,  /* struct wh_session */
    WH_PLACE_REQUEST,  /* struct wh_request */
};

struct wh_option_out { /* what a query writes to */
    void *buffer;      /* any alignment; NULL: only the size is wanted */
    DWORD length;      /* in: its bytes; out: as documented            */
    enum wh_unit unit; /* of the caller's WCHARs                       */
};

struct wh_option_in { /* what is being set */
    const void *bytes;
    DWORD length; /* bytes; of TEXT: characters */
    enum wh_unit unit;
};

struct wh_option {
    DWORD id;
    const char *name; /* without WINHTTP_OPTION_ */
    enum wh_option_type type;
    enum wh_option_status status;
    unsigned get, set; /* kinds of handle; 0: cannot be queried, cannot be set */
    size_t size;       /* of a STRUCT; 0: query() and change() look at it      */

    enum wh_option_place place;
    size_t offset;
    DWORD min, max;   /* of a plain value; both 0: any                        */
    DWORD bits;       /* those allowed; 0: any                                */
    bool state_first; /* a query looks at the handle before the size (fact 45)   */
    DWORD size_error; /* for a wrong size; 0: ERROR_INSUFFICIENT_BUFFER       */

    /* For what is not plain. The object is pinned, NULL for the process, and no lock is held.
     * get() ends in wh_option_put() or wh_option_put_text(). */
    DWORD (*query)(struct wh_object *object, struct wh_option_out *out);
    DWORD (*change)(struct wh_object *object, const struct wh_option_in *in);

    const char *default_text; /* for the documentation; NULL: nothing to say */
    const char *note;         /* likewise                                    */
};

/* The rows, in the order of their ids, and how many there are. */
extern const struct wh_option wh_option_table[];
extern const size_t wh_option_count;

/* The row, or NULL. */
const struct wh_option *wh_option_find(DWORD id);

/* WinHttpQueryOption and WinHttpSetOption for either width; a Windows error. `length` may be
 * misaligned. Any thread. */
DWORD wh_option_query(HINTERNET handle, DWORD id, void *buffer, void *length, enum wh_unit unit);
DWORD wh_option_change(HINTERNET handle, DWORD id, const void *buffer, DWORD length,
                       enum wh_unit unit);

/* ---- for get() and set() --------------------------------------------------------------------- */

/* Is there room for `size` bytes? out->length becomes `size` either way. For values that cost
 * something to make, before they are made. */
bool wh_option_fits(struct wh_option_out *out, size_t size);

/* Hand out `size` bytes; ERROR_INSUFFICIENT_BUFFER, with the length needed, if they do not fit. */
DWORD wh_option_put(struct wh_option_out *out, const void *value, size_t size);

/* Hand out UTF-8 text (NULL: "") as WCHARs with their NUL, which counts only when it does not fit
 * (fact 32). */
DWORD wh_option_put_text(struct wh_option_out *out, const char *text);

/* The text being set, as UTF-8 that the caller ends with wh_free(); it ends at its NUL or its
 * length, whichever comes first, because programs pass either. NULL, 0 gives "".
 * ERROR_INVALID_PARAMETER if `flags` (enum wh_narrow_flags) refuse it; ERROR_NOT_ENOUGH_MEMORY. */
DWORD wh_option_text(const struct wh_option_in *in, unsigned flags, char **text);

/* The number being set: 4 bytes, or 8 where the C type was unsigned long. */
DWORD wh_option_number(const struct wh_option_in *in);

/* Text for the application to free with GlobalFree or LocalFree, which are one; NULL gives NULL.
 * False: no memory. */
bool wh_option_give_text(const char *text, enum wh_unit unit, void **out);

/* What the files of options have for the table. */
DWORD wh_option_get_callback(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_set_callback(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_get_context(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_set_context(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_get_handle_type(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_get_parent(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_get_agent(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_set_agent(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_get_proxy(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_set_proxy(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_set_unload_event(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_set_quick_callbacks(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_get_tracing(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_set_tracing(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_get_zero(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_set_worker_threads(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_set_enable_feature(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_set_codepage(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_get_version(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_set_version(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_get_feature_supported(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_get_extended_error(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_get_server_spn(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_get_proxy_spn(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_get_is_refusal(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_get_server_cbt(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_get_user_name(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_set_user_name(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_get_password(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_set_password(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_get_proxy_user_name(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_set_proxy_user_name(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_get_proxy_password(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_set_proxy_password(struct wh_object *object, const struct wh_option_in *in);

DWORD wh_option_set_response_timeout(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_set_connections(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_set_connections_1_0(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_set_tcp_keepalive(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_set_resolution_host(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_expire_connection(struct wh_object *object, const struct wh_option_in *in);

DWORD wh_option_set_upgrade(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_get_close_timeout(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_set_close_timeout(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_set_keep_alive(struct wh_object *object, const struct wh_option_in *in);

DWORD wh_option_get_url(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_get_connection_info(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_get_request_times(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_get_request_stats(struct wh_object *object, struct wh_option_out *out);

/* The other end of the request's connection, referenced; NULL if it never was a TLS one. */
struct wh_peer *wh_option_secure_peer(struct wh_object *object);

DWORD wh_option_get_security_flags(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_set_security_flags(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_get_key_bitness(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_get_certificate_struct(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_get_cert_context(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_get_security_info(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_set_revocation_offline(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_set_client_cert(struct wh_object *object, const struct wh_option_in *in);
DWORD wh_option_get_cert_chain(struct wh_object *object, struct wh_option_out *out);
DWORD wh_option_get_issuer_list(struct wh_object *object, struct wh_option_out *out);

#endif
