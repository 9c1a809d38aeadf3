/* accept.h - the opening handshake's own values, both roles (RFC 6455, sections 4.1 and 4.2).
 *
 * Only what WebSocket adds to HTTP: the key and its answer, and what the fields may say. Lists and
 * tokens are core/http/field.h's. Pure functions; values need no terminator unless it says so.
 */
#ifndef WH_CORE_WS_ACCEPT_H
#define WH_CORE_WS_ACCEPT_H

#include "core/base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WH_WS_KEY_LEN    24u  /* base64 of 16 bytes                     */
#define WH_WS_ACCEPT_LEN 28u  /* base64 of a SHA-1                      */
#define WH_WS_VERSION    "13" /* the only one there is: RFC 6455        */

/* Write the value of Sec-WebSocket-Key for these 16 bytes, which nobody can guess, and a NUL. */
void wh_ws_key_put(char out[WH_WS_KEY_LEN + 1], const uint8_t random[16]);

/* Is this the base64 of 16 bytes? Alphabet, padding and the four unused bits count. */
bool wh_ws_key_is_valid(const char *key, size_t len);

/* Write the value of Sec-WebSocket-Accept for this key, and a NUL. */
void wh_ws_accept_put(char out[WH_WS_ACCEPT_LEN + 1], const char key[WH_WS_KEY_LEN]);

/* Is `value` the answer to our key? Blanks around it do not count. */
bool wh_ws_accept_is_for(const char *value, size_t len, const char key[WH_WS_KEY_LEN]);

/* Does the value of Upgrade (a list of protocols) name websocket? Any case, no version. */
bool wh_ws_upgrade_is_websocket(const char *value, size_t len);

/* Does the value of Connection (a list of options) name upgrade? Any case. */
bool wh_ws_connection_is_upgrade(const char *value, size_t len);

/* Does the value of Sec-WebSocket-Version (a list of numbers) have 13? */
bool wh_ws_version_is_spoken(const char *value, size_t len);

/* Is `chosen` one token, and an element of the `offered` list? Case counts (section 4.2.2). */
bool wh_ws_subprotocol_is_offered(const char *offered, size_t offered_len, const char *chosen,
                                  size_t chosen_len);

#endif
