/* squid_server.h - squid, as the distribution ships it, for the length of a test program: a proxy on a
 * loopback port that lets nobody in who has not told it who he is. It ends with the program, however
 * that ends. Skips the test where squid or a helper of it is missing. Thread of the test only.
 */
#ifndef TEST_INTEROP_SQUID_SERVER_H
#define TEST_INTEROP_SQUID_SERVER_H

#include <stdint.h>

struct squid_auth {
    const char *scheme; /* of auth_param: "basic", "ntlm", "negotiate" */
    const char
        *helper; /* the program that knows the users: squid's own, or a path. Lives as long */
    const char *arguments; /* for it; NULL: none */
    const char *passwords; /* instead: text of a file that is its argument */
    const char *lines;     /* more of auth_param; NULL: none */
    const char *users;     /* who may: "REQUIRED", or names */
};

/* Start it, once per helper and program, and wait until it listens. Returns its port. What it lets
 * through by word has X-Proxy-User in the response: whom it took the client for. */
uint16_t squid_start(const struct squid_auth *auth);

/* A loopback port that nobody else gets as long as the returned socket is open: it does not listen. */
int squid_reserve_port(uint16_t *port);

/* One body, four tests: `what(site, async)` with sites 0 (http) and 1 (https, through a tunnel). */
#define SQUID_IN_ALL_WAYS(suite, what)                                                             \
    TEST(suite, what##__http_sync)                                                                 \
    {                                                                                              \
        what(0, false);                                                                            \
    }                                                                                              \
    TEST(suite, what##__http_async)                                                                \
    {                                                                                              \
        what(0, true);                                                                             \
    }                                                                                              \
    TEST(suite, what##__https_sync)                                                                \
    {                                                                                              \
        what(1, false);                                                                            \
    }                                                                                              \
    TEST(suite, what##__https_async)                                                               \
    {                                                                                              \
        what(1, true);                                                                             \
    }

#endif
