/* field_names.h - the known field names, one per line: id, spelling, properties, hash slot.
 *
 * The slot is where WH_FIELD_HASH puts the name; two names in one slot do not compile (a repeated
 * initialiser), a name in a wrong slot is found by the unit test, which prints the right one. When
 * a new name collides, change a factor and let the test tell all slots anew.
 */
#ifndef WH_CORE_HTTP_FIELD_NAMES_H
#define WH_CORE_HTTP_FIELD_NAMES_H

/* Length, first, last and one inner byte tell all names apart. |0x20 folds letters; what else it folds
 * only costs a comparison. */
#define WH_FIELD_HASH_SLOTS 512
#define WH_FIELD_HASH(name, len)                                                                   \
    (((unsigned)(len)*159u + ((unsigned char)(name)[0] | 0x20u) * 206u +                           \
      ((unsigned char)(name)[(len)-1] | 0x20u) * 164u +                                            \
      ((unsigned char)(name)[(len)*3 / 4] | 0x20u) * 10u) %                                        \
     WH_FIELD_HASH_SLOTS)

/* clang-format off */
#define WH_FIELD_NAMES(X) \
    X(ACCEPT, "Accept", WH_FIELD_IS_LIST, 120)                                                     \
    X(ACCEPT_CHARSET, "Accept-Charset", WH_FIELD_IS_LIST, 388)                                     \
    X(ACCEPT_ENCODING, "Accept-Encoding", WH_FIELD_IS_LIST, 323)                                   \
    X(ACCEPT_LANGUAGE, "Accept-Language", WH_FIELD_IS_LIST, 165)                                   \
    X(ACCEPT_RANGES, "Accept-Ranges", WH_FIELD_IS_LIST, 25)                                        \
    X(AGE, "Age", WH_FIELD_IS_NUMBER, 145)                                                         \
    X(ALLOW, "Allow", WH_FIELD_IS_LIST, 443)                                                       \
    X(ALT_SVC, "Alt-Svc", WH_FIELD_IS_LIST, 111)                                                   \
    X(AUTHENTICATION_INFO, "Authentication-Info", WH_FIELD_IS_LIST, 185)                           \
    X(AUTHORIZATION, "Authorization", WH_FIELD_IS_SINGLE, 289)                                     \
    X(CACHE_CONTROL, "Cache-Control", WH_FIELD_IS_LIST, 373)                                       \
    X(CONNECTION, "Connection", WH_FIELD_IS_LIST | WH_FIELD_IS_HOP, 114)                           \
    X(CONTENT_BASE, "Content-Base", WH_FIELD_IS_SINGLE, 412)                                       \
    X(CONTENT_DESCRIPTION, "Content-Description", WH_FIELD_IS_SINGLE, 79)                          \
    X(CONTENT_DISPOSITION, "Content-Disposition", WH_FIELD_IS_SINGLE, 9)                           \
    X(CONTENT_ENCODING, "Content-Encoding", WH_FIELD_IS_LIST, 382)                                 \
    X(CONTENT_ID, "Content-ID", WH_FIELD_IS_SINGLE, 434)                                           \
    X(CONTENT_LANGUAGE, "Content-Language", WH_FIELD_IS_LIST, 224)                                 \
    X(CONTENT_LENGTH, "Content-Length", WH_FIELD_IS_NUMBER, 328)                                   \
    X(CONTENT_LOCATION, "Content-Location", WH_FIELD_IS_SINGLE, 154)                               \
    X(CONTENT_MD5, "Content-MD5", WH_FIELD_IS_SINGLE, 181)                                         \
    X(CONTENT_RANGE, "Content-Range", WH_FIELD_IS_SINGLE, 59)                                      \
    X(CONTENT_TRANSFER_ENCODING, "Content-Transfer-Encoding", WH_FIELD_IS_SINGLE, 377)             \
    X(CONTENT_TYPE, "Content-Type", WH_FIELD_IS_SINGLE, 140)                                       \
    X(COOKIE, "Cookie", WH_FIELD_IS_SINGLE, 50)                                                    \
    X(COST, "Cost", WH_FIELD_IS_SINGLE, 254)                                                       \
    X(DATE, "Date", WH_FIELD_IS_DATE, 410)                                                         \
    X(DERIVED_FROM, "Derived-From", WH_FIELD_IS_SINGLE, 52)                                        \
    X(ETAG, "ETag", WH_FIELD_IS_SINGLE, 452)                                                       \
    X(EXPECT, "Expect", WH_FIELD_IS_LIST, 302)                                                     \
    X(EXPIRES, "Expires", WH_FIELD_IS_DATE, 317)                                                   \
    X(FORWARDED, "Forwarded", WH_FIELD_IS_LIST, 419)                                               \
    X(FROM, "From", WH_FIELD_IS_SINGLE, 166)                                                       \
    X(HOST, "Host", WH_FIELD_IS_SINGLE, 260)                                                       \
    X(IF_MATCH, "If-Match", WH_FIELD_IS_LIST, 500)                                                 \
    X(IF_MODIFIED_SINCE, "If-Modified-Since", WH_FIELD_IS_DATE, 63)                                \
    X(IF_NONE_MATCH, "If-None-Match", WH_FIELD_IS_LIST, 251)                                       \
    X(IF_RANGE, "If-Range", WH_FIELD_IS_SINGLE, 48)                                                \
    X(IF_UNMODIFIED_SINCE, "If-Unmodified-Since", WH_FIELD_IS_DATE, 381)                           \
    X(KEEP_ALIVE, "Keep-Alive", WH_FIELD_IS_LIST | WH_FIELD_IS_HOP, 286)                           \
    X(LAST_MODIFIED, "Last-Modified", WH_FIELD_IS_DATE, 263)                                       \
    X(LINK, "Link", WH_FIELD_IS_LIST, 30)                                                          \
    X(LOCATION, "Location", WH_FIELD_IS_SINGLE, 174)                                               \
    X(MAX_FORWARDS, "Max-Forwards", WH_FIELD_IS_NUMBER, 330)                                       \
    X(MESSAGE_ID, "Message-ID", WH_FIELD_IS_SINGLE, 446)                                           \
    X(MIME_VERSION, "MIME-Version", WH_FIELD_IS_SINGLE, 444)                                       \
    X(ORIGIN, "Origin", WH_FIELD_IS_SINGLE, 414)                                                   \
    X(ORIG_URI, "Orig-URI", WH_FIELD_IS_SINGLE, 2)                                                 \
    X(PASSPORT_CONFIG, "PassportConfig", WH_FIELD_IS_SINGLE, 282)                                  \
    X(PASSPORT_URLS, "PassportURLs", WH_FIELD_IS_SINGLE, 436)                                      \
    X(PRAGMA, "Pragma", WH_FIELD_IS_LIST, 64)                                                      \
    X(PROXY_AUTHENTICATE, "Proxy-Authenticate", WH_FIELD_IS_LINES, 28)                             \
    X(PROXY_AUTHENTICATION_INFO, "Proxy-Authentication-Info", WH_FIELD_IS_LIST | WH_FIELD_IS_HOP, 281)\
    X(PROXY_AUTHORIZATION, "Proxy-Authorization", WH_FIELD_IS_HOP, 47)                             \
    X(PROXY_CONNECTION, "Proxy-Connection", WH_FIELD_IS_LIST | WH_FIELD_IS_HOP, 272)               \
    X(PROXY_SUPPORT, "Proxy-Support", WH_FIELD_IS_LIST, 227)                                       \
    X(PUBLIC, "Public", WH_FIELD_IS_LIST, 352)                                                     \
    X(RANGE, "Range", WH_FIELD_IS_SINGLE, 401)                                                     \
    X(REFERER, "Referer", WH_FIELD_IS_SINGLE, 271)                                                 \
    X(REFRESH, "Refresh", WH_FIELD_IS_SINGLE, 307)                                                 \
    X(RETRY_AFTER, "Retry-After", WH_FIELD_IS_SINGLE, 33)                                          \
    X(SEC_WEBSOCKET_ACCEPT, "Sec-WebSocket-Accept", WH_FIELD_IS_SINGLE, 292)                       \
    X(SEC_WEBSOCKET_EXTENSIONS, "Sec-WebSocket-Extensions", WH_FIELD_IS_LIST, 362)                 \
    X(SEC_WEBSOCKET_KEY, "Sec-WebSocket-Key", WH_FIELD_IS_SINGLE, 293)                             \
    X(SEC_WEBSOCKET_PROTOCOL, "Sec-WebSocket-Protocol", WH_FIELD_IS_LIST, 442)                     \
    X(SEC_WEBSOCKET_VERSION, "Sec-WebSocket-Version", WH_FIELD_IS_SINGLE, 511)                     \
    X(SERVER, "Server", WH_FIELD_IS_SINGLE, 318)                                                   \
    X(SET_COOKIE, "Set-Cookie", WH_FIELD_IS_LINES, 418)                                            \
    X(SET_COOKIE2, "Set-Cookie2", WH_FIELD_IS_LINES, 385)                                          \
    X(STRICT_TRANSPORT_SECURITY, "Strict-Transport-Security", WH_FIELD_IS_SINGLE, 391)             \
    X(TE, "TE", WH_FIELD_IS_LIST | WH_FIELD_IS_HOP, 316)                                           \
    X(TITLE, "Title", WH_FIELD_IS_SINGLE, 351)                                                     \
    X(TRAILER, "Trailer", WH_FIELD_IS_LIST | WH_FIELD_IS_HOP, 171)                                 \
    X(TRANSFER_ENCODING, "Transfer-Encoding", WH_FIELD_IS_LIST | WH_FIELD_IS_HOP, 57)              \
    X(UNLESS_MODIFIED_SINCE, "Unless-Modified-Since", WH_FIELD_IS_DATE, 423)                       \
    X(UPGRADE, "Upgrade", WH_FIELD_IS_LIST | WH_FIELD_IS_HOP, 283)                                 \
    X(URI, "URI", WH_FIELD_IS_SINGLE, 353)                                                         \
    X(USER_AGENT, "User-Agent", WH_FIELD_IS_SINGLE, 158)                                           \
    X(VARY, "Vary", WH_FIELD_IS_LIST, 430)                                                         \
    X(VIA, "Via", WH_FIELD_IS_LIST, 191)                                                           \
    X(WARNING, "Warning", WH_FIELD_IS_LIST, 99)                                                    \
    X(WWW_AUTHENTICATE, "WWW-Authenticate", WH_FIELD_IS_LINES, 68)
/* clang-format on */

#endif
