/* guard.h - input that ends where memory ends, and decoders fed in every way.
 *
 * A read of one byte too many is a crash here, with or without a sanitizer.
 */
#ifndef TEST_SUPPORT_GUARD_H
#define TEST_SUPPORT_GUARD_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A copy of `len` bytes whose last byte is the last before an unreadable page. Never NULL, even
 * for no bytes at all. The caller frees it with guard_free() and the same length. */
uint8_t *guard_copy(const void *bytes, size_t len);
void guard_free(uint8_t *copy, size_t len);

/* A decoder, as the helper below wants it. `begin` resets it, `end` checks what came out. */
struct cut_decoder {
    void (*begin)(void *user);
    void (*feed)(void *user, const uint8_t *piece, size_t len);
    void (*end)(void *user);
};

/* Feed `bytes` whole, then cut in two at every place, then byte by byte. Every piece lies before
 * a guard page. A failing check says at which cut it happened. */
void cut_everywhere(const void *bytes, size_t len, const struct cut_decoder *decoder, void *user);

#ifdef __cplusplus
}
#endif
#endif
