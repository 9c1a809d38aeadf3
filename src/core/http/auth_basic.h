/* auth_basic.h - RFC 7617: user and password, base64 of their UTF-8.
 *
 * The charset parameter is only ever "UTF-8" (section 2.1), and without it the encoding is ours to
 * choose: UTF-8 then, too, which is ASCII for ASCII.
 */
#ifndef WH_CORE_HTTP_AUTH_BASIC_H
#define WH_CORE_HTTP_AUTH_BASIC_H

#include "core/base/buf.h"

/* Append "Basic dXNlcjpwYXNz". `out` wipes.
 *
 * WH_E_INVALID_ARGUMENT: a user with a colon, or a control character in either (section 2);
 * WH_E_NO_MEMORY, WH_E_INSUFFICIENT_BUFFER. */
enum wh_err wh_basic_answer(struct wh_buf *out, const char *user, const char *password);

#endif
