/* fuzz_proxy.c - proxy and bypass lists: the first line is the list of proxies, the second a host, the
 * rest the hosts to reach without one. */
#include "core/http/proxy.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

/* What may be connected to: something with a name, and nothing of a URL in it. */
static void check_server(const struct wh_proxy_server *server)
{
    size_t len = strlen(server->host);

    FUZZ_CHECK(len <= WH_PROXY_HOST_MAX && (len > 0) == (server->port > 0));
    for (size_t i = 0; i < len; i++)
        FUZZ_CHECK(strchr("abcdefghijklmnopqrstuvwxyz0123456789-._:", server->host[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *host = NULL, *bypass = NULL;
    struct wh_proxy_server plain, secure;

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    host = strchr(text, '\n');
    if (host) {
        *host++ = '\0';
        bypass = strchr(host, '\n');
    }
    if (bypass)
        *bypass++ = '\0';
    wh_proxy_choose(&plain, text, false);
    wh_proxy_choose(&secure, text, true);
    check_server(&plain);
    check_server(&secure);
    /* An entry for any scheme, in a list with nothing odd in it, serves both. */
    if (wh_proxy_list_is_valid(text) && !strchr(text, '='))
        FUZZ_CHECK(plain.host[0] && secure.host[0]);
    if (bypass && strlen(bypass) < 65536)
        wh_proxy_is_bypassed(bypass, host, 80, size & 1);
    free(text);
    return 0;
}
