/* idle_connections_limit.c - COUNT connections that served one GET each and wait.
 *
 *      idle_connections_limit URL COUNT
 *
 * Says "ready" and waits for the end of its input; meanwhile its memory is looked at.
 */
#include "limit.h"

#include <stdio.h>
#include <stdlib.h>

static char buffer[LIMIT_BUFFER];

int main(int argc, char **argv)
{
    int count = limit_number(argc, argv, 2);
    struct limit_conn *conns = calloc((size_t)count, sizeof(*conns));
    struct limit_url url;
    SSL_CTX *context;
    char request[512];
    size_t request_len;

    if (!conns)
        limit_fail("calloc");
    limit_url_parse(&url, argv[1]);
    request_len = limit_request(request, sizeof(request), &url, 0);
    context = limit_context(&url);
    if (context)
        SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    for (int i = 0; i < count; i++) {
        limit_open(&conns[i], &url, context, NULL);
        limit_write(&conns[i], request, request_len);
        limit_response(&conns[i], buffer);
    }
    puts("ready");
    fflush(stdout);
    getchar();
    for (int i = 0; i < count; i++)
        limit_close(&conns[i]);
    SSL_CTX_free(context);
    free(conns);
    return 0;
}
