/* key_pool.h - random bytes for masking keys and handshakes, a few at a time.
 *
 * The system is asked for 4 KiB at once: asking for four bytes costs more than masking a small
 * message. One pool per process behind a lock held for a copy; bytes are wiped as they are handed out,
 * no byte is handed out twice, and a fork()ed child starts with an empty pool. Any thread.
 */
#ifndef WH_CORE_WS_KEY_POOL_H
#define WH_CORE_WS_KEY_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fill `out` with unpredictable bytes; at most 4 KiB. False if the system has none to give: then the
 * frame or handshake must not be sent (RFC 6455, section 10.3). */
bool wh_ws_random(void *out, size_t len);

/* A masking key nobody can guess; false as above. */
static inline bool wh_ws_key_new(uint32_t *key)
{
    return wh_ws_random(key, sizeof(*key));
}

/* Test hook: where the bytes come from; NULL means the system again. Empties the pool. */
void wh_ws_random_set_source(bool (*source)(void *out, size_t len));

#endif
