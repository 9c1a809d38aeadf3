/* sha1.h - SHA-1 of a few bytes (FIPS 180-4), for Sec-WebSocket-Accept and nothing else.
 *
 * It proves that the peer has read RFC 6455, not who the peer is: never use it where somebody might
 * want to cheat. Here so that the codec links no cryptographic library.
 */
#ifndef WH_CORE_WS_SHA1_H
#define WH_CORE_WS_SHA1_H

#include <stddef.h>
#include <stdint.h>

#define WH_WS_SHA1_LEN 20u

void wh_ws_sha1(uint8_t out[WH_WS_SHA1_LEN], const void *bytes, size_t len);

#endif
